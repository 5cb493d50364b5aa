package org.portals4j.engine;

import org.agrona.DirectBuffer;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.EventKind;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.peer.Connection;
import org.portals4j.wire.AtomicDecoder;

/** Decodes and checks atomic requests for the {@link Dispatcher}. Hot path. */
final class AtomicFrames {
    private static final AtomicOperation[] OPERATIONS = AtomicOperation.values();
    private static final Datatype[] DATATYPES = Datatype.values();
    private static final int ACK_REQUESTS = AckRequest.values().length;

    private final Dispatcher dispatcher;
    private final AtomicDecoder frame = new AtomicDecoder();

    AtomicFrames(final Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    void onAtomic(
            final Connection connection,
            final DirectBuffer buffer,
            final int at,
            final int blockLength,
            final int version,
            final int payload) {
        frame.wrap(buffer, at, blockLength, version);
        final int operationId = frame.operationId();
        final int portalIndex = frame.portalIndex();
        final int kind = frame.interfaceKind();
        final int ack = frame.ackRequest();
        final int operation = frame.atomicOperation();
        final int datatype = frame.datatype();
        final long matchBits = frame.matchBits();
        final long remoteOffset = frame.remoteOffset();
        final long rlength = frame.rlength();
        final long headerData = frame.headerData();
        final boolean fetch = frame.fetch() != 0;
        if (kind >= dispatcher.kinds()
                || ack >= ACK_REQUESTS
                || fetch && ack != AckRequest.NO_ACK.ordinal()
                || !isPossible(operation, datatype, rlength, payload, fetch)) {
            connection.violation(
                    ("atomic of kind %d, ack %d, operation %d of datatype %d, fetch %b, rlength %d,"
                                    + " payload %d")
                            .formatted(kind, ack, operation, datatype, fetch, rlength, payload));
            return;
        }
        final Arrival arrival =
                dispatcher.arrive(
                        connection,
                        fetch ? EventKind.FETCH_ATOMIC : EventKind.ATOMIC,
                        operationId,
                        fetch || ack != AckRequest.NO_ACK.ordinal(),
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        rlength);
        arrival.headerData = headerData;
        arrival.atomicOperation = OPERATIONS[operation];
        arrival.datatype = DATATYPES[datatype];
        dispatcher.deliver(connection, kind, arrival, Dispatcher.payload(buffer, at, blockLength));
    }

    private static boolean isPossible(
            final int operationCode,
            final int datatypeCode,
            final long rlength,
            final int payload,
            final boolean fetch) {
        if (operationCode >= OPERATIONS.length || datatypeCode >= DATATYPES.length) {
            return false;
        }
        final AtomicOperation operation = OPERATIONS[operationCode];
        final Datatype datatype = DATATYPES[datatypeCode];
        final int operand = operation.hasOperand() ? datatype.size() : 0;
        return operation.isDefinedFor(datatype)
                && (fetch || !operation.isSwap())
                && (operand == 0 || rlength <= operand)
                && rlength >= 0
                && rlength == (long) payload - operand;
    }
}

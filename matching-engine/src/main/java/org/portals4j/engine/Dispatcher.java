package org.portals4j.engine;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.EventKind;
import org.portals4j.engine.initiator.Initiator;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Connections;
import org.portals4j.engine.peer.HelloFields;
import org.portals4j.engine.target.Target;
import org.portals4j.engine.target.TargetSide;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;
import org.portals4j.wire.AcksDecoder;
import org.portals4j.wire.AtomicDecoder;
import org.portals4j.wire.ByeDecoder;
import org.portals4j.wire.DataDecoder;
import org.portals4j.wire.GetDecoder;
import org.portals4j.wire.GrantDecoder;
import org.portals4j.wire.HeartbeatDecoder;
import org.portals4j.wire.HelloDecoder;
import org.portals4j.wire.MessageHeaderDecoder;
import org.portals4j.wire.PutDecoder;
import org.portals4j.wire.ReadyDecoder;
import org.portals4j.wire.RefuseDecoder;
import org.portals4j.wire.ReplyDecoder;
import org.portals4j.wire.ResetDecoder;
import org.portals4j.wire.WindowDecoder;

/**
 * Decodes arriving frames and hands them to their station. Every length and enumeration is checked
 * before use; what does not fit is counted and dropped, nothing is thrown. Hot path. Guarded by the
 * instance's lock.
 */
final class Dispatcher implements Handler {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final AckRequest[] ACK_REQUESTS = AckRequest.values();

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private final RefuseDecoder refuse = new RefuseDecoder();
    private final ReadyDecoder ready = new ReadyDecoder();
    private final PutDecoder put = new PutDecoder();
    private final AtomicFrames atomic = new AtomicFrames(this);
    private final GetDecoder get = new GetDecoder();
    private final AcksDecoder acks = new AcksDecoder();
    private final ReplyDecoder reply = new ReplyDecoder();
    private final GrantDecoder grant = new GrantDecoder();
    private final DataDecoder data = new DataDecoder();
    private final WindowDecoder window = new WindowDecoder();
    private final HelloFields helloFields = new HelloFields();
    private final Target target;
    private final Initiator initiator;
    private final @Nullable TargetSide[] sides;

    // set once, right after construction: the table of connections needs this handler
    private @Nullable Connections connections;

    Dispatcher(final Target target, final Initiator initiator, final @Nullable TargetSide[] sides) {
        this.target = target;
        this.initiator = initiator;
        this.sides = sides;
    }

    int kinds() {
        return sides.length;
    }

    void connections(final Connections table) {
        connections = table;
    }

    @Override
    public void onFrame(
            final @Nullable Peer peer,
            final long channel,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final Connections table = connections;
        if (table == null) {
            return;
        }
        if (length < HEADER + Integer.BYTES) {
            table.counters().malformed();
            return;
        }
        header.wrap(buffer, offset);
        final int blockLength = header.blockLength();
        final int templateId = header.templateId();
        final int version = header.version();
        if (header.schemaId() != HelloDecoder.SCHEMA_ID
                || version < 1
                || blockLength < minBlockLength(templateId)
                || HEADER + blockLength > length) {
            table.counters().malformed();
            return;
        }
        try {
            decode(table, channel, buffer, offset + HEADER, length - HEADER);
        } catch (final RuntimeException | Error fault) { // nothing is thrown through progress
            table.fault(fault);
        }
    }

    private void decode(
            final Connections table,
            final long channel,
            final DirectBuffer buffer,
            final int at,
            final int length) {
        final int templateId = header.templateId();
        final int blockLength = header.blockLength();
        final int version = header.version();
        switch (templateId) {
            case HelloDecoder.TEMPLATE_ID ->
                    table.handshake()
                            .onHello(
                                    helloFields.read(hello.wrap(buffer, at, blockLength, version)),
                                    channel);
            case RefuseDecoder.TEMPLATE_ID ->
                    onRefuse(table, refuse.wrap(buffer, at, blockLength, version));
            default -> {
                final Connection connection =
                        table.receive(buffer.getInt(at, java.nio.ByteOrder.LITTLE_ENDIAN), channel);
                if (connection != null) {
                    dispatch(
                            table,
                            connection,
                            templateId,
                            buffer,
                            at,
                            blockLength,
                            version,
                            length);
                }
            }
        }
    }

    private static int minBlockLength(final int templateId) {
        return switch (templateId) {
            case PutDecoder.TEMPLATE_ID -> PutDecoder.BLOCK_LENGTH;
            case AcksDecoder.TEMPLATE_ID -> AcksDecoder.BLOCK_LENGTH;
            case AtomicDecoder.TEMPLATE_ID -> AtomicDecoder.BLOCK_LENGTH;
            case DataDecoder.TEMPLATE_ID -> DataDecoder.BLOCK_LENGTH;
            case GetDecoder.TEMPLATE_ID -> GetDecoder.BLOCK_LENGTH;
            case ReplyDecoder.TEMPLATE_ID -> ReplyDecoder.BLOCK_LENGTH;
            case GrantDecoder.TEMPLATE_ID -> GrantDecoder.BLOCK_LENGTH;
            case WindowDecoder.TEMPLATE_ID -> WindowDecoder.BLOCK_LENGTH;
            case HelloDecoder.TEMPLATE_ID -> HelloDecoder.BLOCK_LENGTH;
            case RefuseDecoder.TEMPLATE_ID -> RefuseDecoder.BLOCK_LENGTH;
            case ReadyDecoder.TEMPLATE_ID -> ReadyDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID, ResetDecoder.TEMPLATE_ID, ByeDecoder.TEMPLATE_ID ->
                    HeartbeatDecoder.BLOCK_LENGTH;
            default -> Integer.MAX_VALUE - HEADER;
        };
    }

    private void dispatch(
            final Connections table,
            final Connection connection,
            final int templateId,
            final DirectBuffer buffer,
            final int at,
            final int blockLength,
            final int version,
            final int length) {
        switch (templateId) {
            case PutDecoder.TEMPLATE_ID ->
                    onPut(
                            connection,
                            put.wrap(buffer, at, blockLength, version),
                            payload(buffer, at, blockLength),
                            length - blockLength);
            case AcksDecoder.TEMPLATE_ID ->
                    onAcks(
                            connection,
                            acks.wrap(buffer, at, blockLength, version),
                            length - blockLength);
            case DataDecoder.TEMPLATE_ID ->
                    onData(
                            connection,
                            data.wrap(buffer, at, blockLength, version),
                            payload(buffer, at, blockLength),
                            length - blockLength);
            case AtomicDecoder.TEMPLATE_ID ->
                    atomic.onAtomic(
                            connection, buffer, at, blockLength, version, length - blockLength);
            case GetDecoder.TEMPLATE_ID ->
                    onGet(connection, get.wrap(buffer, at, blockLength, version));
            case ReplyDecoder.TEMPLATE_ID ->
                    onReply(
                            connection,
                            reply.wrap(buffer, at, blockLength, version),
                            payload(buffer, at, blockLength),
                            length - blockLength);
            case GrantDecoder.TEMPLATE_ID -> {
                grant.wrap(buffer, at, blockLength, version);
                final int operationId = grant.operationId();
                initiator.onGrant(connection, operationId, grant.transferId(), grant.mlength());
            }
            case WindowDecoder.TEMPLATE_ID ->
                    table.onWindow(
                            connection,
                            window.wrap(buffer, at, blockLength, version).windowLimit());
            case ReadyDecoder.TEMPLATE_ID ->
                    table.onReady(
                            connection, ready.wrap(buffer, at, blockLength, version).readyKinds());
            case ResetDecoder.TEMPLATE_ID -> table.onReset(connection);
            case ByeDecoder.TEMPLATE_ID -> table.onBye(connection);
            default -> {
                // a heartbeat: hearing it is all
            }
        }
    }

    static long payload(final DirectBuffer buffer, final int at, final int blockLength) {
        return buffer.addressOffset() + at + blockLength;
    }

    private void onRefuse(final Connections table, final RefuseDecoder frame) {
        final int connectionId = frame.connectionId();
        table.handshake()
                .onRefuse(connectionId, frame.reason(), frame.minVersion(), frame.maxVersion());
    }

    private void onPut(
            final Connection connection,
            final PutDecoder frame,
            final long address,
            final int payload) {
        final int operationId = frame.operationId();
        final int portalIndex = frame.portalIndex();
        final int kind = frame.interfaceKind();
        final int ack = frame.ackRequest();
        final boolean large = frame.large() != 0;
        final long matchBits = frame.matchBits();
        final long remoteOffset = frame.remoteOffset();
        final long rlength = frame.rlength();
        if (kind >= sides.length
                || ack >= ACK_REQUESTS.length
                || rlength < 0
                || !large && rlength != payload) {
            connection.violation(
                    "put of kind "
                            + kind
                            + ", ack "
                            + ack
                            + ", rlength "
                            + rlength
                            + ", payload "
                            + payload);
            return;
        }
        final boolean answered = large || ack != AckRequest.NO_ACK.ordinal();
        final Arrival arrival =
                arrive(
                        connection,
                        EventKind.PUT,
                        operationId,
                        answered,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        rlength);
        arrival.headerData = frame.headerData();
        deliver(connection, kind, arrival, large ? 0 : address);
    }

    private void onGet(final Connection connection, final GetDecoder frame) {
        final int operationId = frame.operationId();
        final int portalIndex = frame.portalIndex();
        final int kind = frame.interfaceKind();
        final long matchBits = frame.matchBits();
        final long remoteOffset = frame.remoteOffset();
        final long rlength = frame.rlength();
        if (kind >= sides.length || rlength < 0) {
            connection.violation("get of kind " + kind + ", rlength " + rlength);
            return;
        }
        final Arrival arrival =
                arrive(
                        connection,
                        EventKind.GET,
                        operationId,
                        true,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        rlength);
        arrival.headerData = 0;
        deliver(connection, kind, arrival, 0);
    }

    Arrival arrive(
            final Connection connection,
            final EventKind eventKind,
            final int operationId,
            final boolean answered,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long rlength) {
        final Arrival arrival = target.takeArrival();
        arrival.kind = eventKind;
        arrival.connection = connection;
        arrival.nid = connection.nid();
        arrival.pid = connection.pid();
        arrival.uid = connection.uid();
        arrival.operationId = operationId;
        arrival.answered = answered;
        arrival.portalIndex = portalIndex;
        arrival.matchBits = matchBits;
        arrival.remoteOffset = remoteOffset;
        arrival.rlength = rlength;
        return arrival;
    }

    void deliver(
            final Connection connection,
            final int kind,
            final Arrival arrival,
            final long address) {
        if (arrival.answered && !connection.beginAnswer()) {
            target.discard(arrival);
            connection.violation("more requests in flight than granted");
            return;
        }
        final TargetSide side = sides[kind];
        if (side == null) {
            target.refuse(arrival);
        } else {
            side.onRequest(arrival, address);
        }
    }

    private void onAcks(final Connection connection, final AcksDecoder frame, final int rest) {
        if (rest < AcksDecoder.ResultsDecoder.HEADER_SIZE) {
            connection.violation("acks of " + rest + " bytes");
            return;
        }
        final AcksDecoder.ResultsDecoder results = frame.results();
        final long needed =
                AcksDecoder.ResultsDecoder.HEADER_SIZE
                        + (long) results.count() * results.actingBlockLength();
        if (results.actingBlockLength() < AcksDecoder.ResultsDecoder.sbeBlockLength()
                || needed > rest) {
            connection.violation(results.count() + " acks in " + rest + " bytes");
            return;
        }
        while (results.hasNext() && connection.isConnected()) {
            results.next();
            final int operationId = results.operationId();
            final int fail = results.niFail();
            final int list = results.list() & 1;
            initiator.onAck(
                    connection, operationId, fail, list, results.mlength(), results.remoteOffset());
        }
    }

    private void onReply(
            final Connection connection,
            final ReplyDecoder frame,
            final long address,
            final int payload) {
        final int operationId = frame.operationId();
        final int fail = frame.niFail();
        final int list = frame.list() & 1;
        final boolean large = frame.large() != 0;
        final long mlength = frame.mlength();
        if (!large && mlength != payload) {
            connection.violation("reply of mlength " + mlength + " with " + payload + " bytes");
            return;
        }
        initiator.onReply(
                connection, operationId, fail, list, large, mlength, frame.remoteOffset(), address);
    }

    private void onData(
            final Connection connection,
            final DataDecoder frame,
            final long address,
            final int payload) {
        final int transferId = frame.transferId();
        final long offset = frame.transferOffset();
        final boolean toInitiator = frame.reply() != 0;
        if (frame.failed() != 0) {
            target.onFailure(connection, transferId);
        } else if (!connection.dataReceived(payload)) {
            connection.violation("more data than the window permits");
        } else if (toInitiator) {
            initiator.onData(connection, transferId, offset, payload, address);
        } else {
            target.onData(connection, transferId, offset, payload, address);
        }
    }

    @Override
    public void onDone(final long context, final int status) {
        // no reads or writes are begun: see the capabilities this engine uses
    }

    @Override
    public void onReleased(final Region region) {
        // no regions are registered
    }

    @Override
    public void onPeerUp(final Peer peer) {
        // claims tell
    }

    @Override
    public void onPeerDown(final Peer peer, final String cause) {
        final Connections table = connections;
        if (table != null) {
            table.onPeerDown(peer, cause);
        }
    }

    @Override
    public void onWritable(final Peer peer) {
        // claims are tried at every turn
    }
}

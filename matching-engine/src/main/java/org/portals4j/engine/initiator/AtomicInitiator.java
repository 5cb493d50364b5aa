package org.portals4j.engine.initiator;

import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.NiFail;
import org.portals4j.ReturnCode;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;
import org.portals4j.wire.AtomicEncoder;
import org.portals4j.wire.MessageHeaderEncoder;

import java.lang.foreign.MemorySegment;

/**
 * Starts and sends atomic operations. They fit one frame, so they are like eager puts.
 *
 * <pre>
 *   atomic        --sent--&gt; SEND on the descriptor --Acks--&gt;  ACK, as a put
 *   fetch, swap   --sent--&gt; SEND on the put descriptor; from here a get into the get descriptor
 *                                                  --Reply--&gt; REPLY
 * </pre>
 *
 * <p>Guarded by the instance's lock.
 */
public final class AtomicInitiator {
    private static final int OVERHEAD =
            MessageHeaderEncoder.ENCODED_LENGTH + AtomicEncoder.BLOCK_LENGTH;
    private static final int LARGEST_ELEMENT = Datatype.LONG_DOUBLE_COMPLEX.size();

    private final Initiator initiator;
    private final int maxAtomic;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AtomicEncoder atomic = new AtomicEncoder();

    AtomicInitiator(final Initiator initiator, final int maxFrame) {
        this.initiator = initiator;
        maxAtomic = maxAtomic(maxFrame);
    }

    /**
     * The longest data of an operation that fits a frame beside the operand: whole elements of all
     * types.
     *
     * @param maxFrame the longest frame of the transport, bytes
     * @return bytes
     */
    public static int maxAtomic(final int maxFrame) {
        return (maxFrame - OVERHEAD - LARGEST_ELEMENT) / LARGEST_ELEMENT * LARGEST_ELEMENT;
    }

    /**
     * The longest data of an operation that fits a frame.
     *
     * @return bytes
     */
    public int maxAtomic() {
        return maxAtomic;
    }

    /**
     * Starts an atomic operation without reply. Hot path.
     *
     * @param connection to the target
     * @param kind ordinal of the interface kind
     * @param md where the operands are
     * @param localOffset offset in it
     * @param length bytes
     * @param ack the acknowledgement asked for
     * @param portalIndex portal
     * @param matchBits bits
     * @param remoteOffset offset in the entry
     * @param userData user_ptr
     * @param headerData hdr_data
     * @param op MIN to BXOR
     * @param datatype of the elements
     * @return OK, or NO_SPACE: no slot
     */
    public ReturnCode start(
            final Connection connection,
            final int kind,
            final BoundMemory md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final AtomicOperation op,
            final Datatype datatype) {
        final Operation operation = initiator.takeSlot(connection);
        if (operation == null) {
            return ReturnCode.NO_SPACE;
        }
        operation.get = false;
        operation.ack = ack;
        operation.headerData = headerData;
        operation.atomic = true;
        operation.fields.operation = op;
        operation.fields.datatype = datatype;
        operation.fields.fetchMd = null;
        initiator.start(
                operation,
                connection,
                kind,
                md,
                localOffset,
                length,
                portalIndex,
                matchBits,
                remoteOffset,
                userData);
        return ReturnCode.OK;
    }

    /**
     * Starts a fetching operation or a swap. Hot path.
     *
     * @param connection to the target
     * @param kind ordinal of the interface kind
     * @param getMd where the values found go
     * @param getOffset offset in it
     * @param putMd where the data is
     * @param putOffset offset in it
     * @param length bytes
     * @param portalIndex portal
     * @param matchBits bits
     * @param remoteOffset offset in the entry
     * @param userData user_ptr
     * @param headerData hdr_data
     * @param operand one element, or null where the operation has none
     * @param op MIN to MSWAP
     * @param datatype of the elements
     * @return OK, or NO_SPACE: no slot
     */
    public ReturnCode startFetch(
            final Connection connection,
            final int kind,
            final BoundMemory getMd,
            final long getOffset,
            final BoundMemory putMd,
            final long putOffset,
            final long length,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final @Nullable MemorySegment operand,
            final AtomicOperation op,
            final Datatype datatype) {
        final Operation operation = initiator.takeSlot(connection);
        if (operation == null) {
            return ReturnCode.NO_SPACE;
        }
        operation.get = false;
        operation.ack = AckRequest.NO_ACK;
        operation.headerData = headerData;
        operation.atomic = true;
        final AtomicFields fields = operation.fields;
        fields.operation = op;
        fields.datatype = datatype;
        fields.fetchMd = getMd;
        fields.fetchOffset = getOffset;
        if (operand != null && op.hasOperand()) {
            try {
                fields.copyOperand(operand);
            } catch (final RuntimeException gone) { // closed in this moment
                initiator.giveSlot(operation);
                throw gone;
            }
        }
        getMd.outstanding++;
        initiator.start(
                operation,
                connection,
                kind,
                putMd,
                putOffset,
                length,
                portalIndex,
                matchBits,
                remoteOffset,
                userData);
        return ReturnCode.OK;
    }

    /** Sends the request. Hot path. */
    int send(final Operation operation, final Connection connection, final BoundMemory md) {
        final AtomicFields fields = operation.fields;
        final boolean fetch = fields.fetchMd != null;
        final boolean answered = fetch || operation.ack != AckRequest.NO_ACK;
        final int operandLength = fields.operandLength();
        final int length = (int) operation.length;
        if (answered && !connection.hasCredit()
                || !connection.claim(OVERHEAD + operandLength + length)) {
            return Sendable.BLOCKED;
        }
        encode(operation, connection, fetch);
        if (!copyPayload(operation, connection, md, operandLength, length)) {
            connection.abort();
            initiator.endUnsent(operation, md, NiFail.SEGV);
            return 1;
        }
        connection.commit();
        operation.requested = true;
        if (answered) {
            connection.takeCredit();
            operation.credited = true;
        }
        InitiatorEvents.send(operation, md, NiFail.OK);
        if (fetch) {
            awaitReply(operation, md);
        } else if (!answered) {
            initiator.finish(operation, md);
        }
        return 1;
    }

    private void encode(
            final Operation operation, final Connection connection, final boolean fetch) {
        atomic.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .operationId(operation.id())
                .portalIndex(operation.portalIndex)
                .interfaceKind((short) operation.kind)
                .ackRequest((short) operation.ack.ordinal())
                .atomicOperation((short) operation.fields.operation.ordinal())
                .datatype((short) operation.fields.datatype.ordinal())
                .matchBits(operation.matchBits)
                .remoteOffset(operation.remoteOffset)
                .rlength(operation.length)
                .headerData(operation.headerData)
                .fetch((short) (fetch ? 1 : 0))
                .reserved1((short) 0)
                .reserved2(0)
                .reserved3(0);
    }

    private static boolean copyPayload(
            final Operation operation,
            final Connection connection,
            final BoundMemory md,
            final int operandLength,
            final int length) {
        final MutableDirectBuffer buffer = connection.buffer();
        int at = connection.offset() + OVERHEAD;
        if (operandLength > 0) {
            buffer.putBytes(at, operation.fields.operand(), 0, operandLength);
            at += operandLength;
        }
        if (operation.captured) {
            buffer.putBytes(at, operation.capture(length), 0, length);
            return true;
        }
        return md.memory.copyOut(operation.localOffset, length, buffer.addressOffset() + at);
    }

    // the put descriptor is done with; what remains is a get
    private static void awaitReply(final Operation operation, final BoundMemory putMd) {
        final AtomicFields fields = operation.fields;
        putMd.outstanding--;
        operation.md = fields.fetchMd;
        operation.localOffset = fields.fetchOffset;
        operation.get = true;
        operation.atomic = false;
        fields.fetchMd = null;
    }

    /**
     * A request that was not sent ends; SEND has told, and REPLY tells where values are fetched.
     */
    static void unsent(final Operation operation, final NiFail fail) {
        final BoundMemory md = operation.atomic ? operation.fields.fetchMd : null;
        if (md != null) {
            InitiatorEvents.reply(operation, md, fail, 0, operation.remoteOffset, 0);
            md.outstanding--;
            operation.fields.fetchMd = null;
        }
    }
}

package org.portals4j.engine.initiator;

import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.MdOption;
import org.portals4j.NiFail;
import org.portals4j.ReturnCode;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;
import org.portals4j.engine.transfer.DataFrames;
import org.portals4j.wire.GetEncoder;
import org.portals4j.wire.MessageHeaderEncoder;
import org.portals4j.wire.PutEncoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Starts operations of all interfaces of an instance and ends each exactly once. Guarded by the
 * instance's lock.
 */
public final class Initiator {
    /** niFail of an acknowledgement that ends the operation without telling the program. */
    private static final int SILENT = 255;

    private static final NiFail[] FAILS = NiFail.values();
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int PUT_OVERHEAD = HEADER + PutEncoder.BLOCK_LENGTH;
    private static final int GET_LENGTH = HEADER + GetEncoder.BLOCK_LENGTH;

    private final OperationSlots slots;
    private final DataFrames data;
    private final int eagerLimit;
    private final List<PutTransfer> transfers = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final PutEncoder put = new PutEncoder();
    private final GetEncoder get = new GetEncoder();
    private final AtomicInitiator atomics;

    /**
     * Creates it with its slots.
     *
     * @param slotCount operations in flight
     * @param eagerLimit wish for the longest put that travels with its header, bytes
     * @param maxFrame the longest frame of the transport, bytes
     * @param data writes Data frames
     */
    public Initiator(
            final int slotCount, final int eagerLimit, final int maxFrame, final DataFrames data) {
        slots = new OperationSlots(this, slotCount);
        this.eagerLimit = Math.min(eagerLimit, maxFrame - PUT_OVERHEAD);
        this.data = data;
        atomics = new AtomicInitiator(this, maxFrame);
    }

    /**
     * Starts atomic operations.
     *
     * @return the same always
     */
    public AtomicInitiator atomics() {
        return atomics;
    }

    @Nullable Operation takeSlot(final Connection connection) {
        return slots.take(connection);
    }

    void giveSlot(final Operation operation) {
        slots.give(operation);
    }

    /**
     * The longest put that travels with its header.
     *
     * @return bytes
     */
    public int eagerLimit() {
        return eagerLimit;
    }

    /**
     * Operations in flight.
     *
     * @return slots in use
     */
    public int inFlight() {
        return slots.inUse();
    }

    /**
     * Starts a put. Hot path.
     *
     * @param connection to the target
     * @param kind ordinal of the interface kind
     * @param md where the bytes are
     * @param localOffset offset in it
     * @param length bytes
     * @param ack the acknowledgement asked for
     * @param portalIndex portal
     * @param matchBits bits
     * @param remoteOffset offset in the entry
     * @param userData user_ptr
     * @param headerData hdr_data
     * @return OK, or NO_SPACE: no slot
     */
    public ReturnCode put(
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
            final long headerData) {
        final Operation operation = slots.take(connection);
        if (operation == null) {
            return ReturnCode.NO_SPACE;
        }
        operation.get = false;
        operation.ack = ack;
        operation.headerData = headerData;
        start(
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
     * Starts a get. Hot path.
     *
     * @param connection to the target
     * @param kind ordinal of the interface kind
     * @param md where the bytes go
     * @param localOffset offset in it
     * @param length bytes
     * @param portalIndex portal
     * @param matchBits bits
     * @param remoteOffset offset in the entry
     * @param userData user_ptr
     * @return OK, or NO_SPACE: no slot
     */
    public ReturnCode get(
            final Connection connection,
            final int kind,
            final BoundMemory md,
            final long localOffset,
            final long length,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        final Operation operation = slots.take(connection);
        if (operation == null) {
            return ReturnCode.NO_SPACE;
        }
        operation.get = true;
        operation.ack = AckRequest.NO_ACK;
        operation.headerData = 0;
        start(
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

    void start(
            final Operation operation,
            final Connection connection,
            final int kind,
            final BoundMemory md,
            final long localOffset,
            final long length,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        operation.kind = kind;
        operation.md = md;
        operation.localOffset = localOffset;
        operation.length = length;
        operation.portalIndex = portalIndex;
        operation.matchBits = matchBits;
        operation.remoteOffset = remoteOffset;
        operation.userData = userData;
        md.outstanding++;
        if (connection.isReady(kind)
                && !connection.hasRequests(kind)
                && send(operation, connection) != Sendable.BLOCKED) {
            return;
        }
        if (md.has(MdOption.VOLATILE) && !operation.get && !capture(operation, md)) {
            endUnsent(operation, md, NiFail.SEGV);
            return;
        }
        connection.request(kind, operation);
    }

    private static boolean capture(final Operation operation, final BoundMemory md) {
        final int length = (int) operation.length;
        operation.captured = true;
        return md.memory.copyOut(
                operation.localOffset, length, operation.capture(length).addressOffset());
    }

    /** Sends the request of an operation. Hot path. */
    int send(final Operation operation, final Connection connection) {
        final BoundMemory md = operation.md;
        if (operation.abandoned || md == null) {
            slots.give(operation);
            return 1;
        }
        if (operation.atomic) {
            return atomics.send(operation, connection, md);
        }
        return operation.get ? sendGet(operation, connection) : sendPut(operation, connection, md);
    }

    private int sendPut(
            final Operation operation, final Connection connection, final BoundMemory md) {
        final boolean large = operation.length > eagerLimit && !operation.captured;
        final boolean answered = large || operation.ack != AckRequest.NO_ACK;
        final int payload = large ? 0 : (int) operation.length;
        if (answered && !connection.hasCredit() || !connection.claim(PUT_OVERHEAD + payload)) {
            return Sendable.BLOCKED;
        }
        put.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .operationId(operation.id())
                .portalIndex(operation.portalIndex)
                .interfaceKind((short) operation.kind)
                .ackRequest((short) operation.ack.ordinal())
                .large((short) (large ? 1 : 0))
                .reserved((short) 0)
                .matchBits(operation.matchBits)
                .remoteOffset(operation.remoteOffset)
                .rlength(operation.length)
                .headerData(operation.headerData);
        final int at = connection.offset() + PUT_OVERHEAD;
        if (operation.captured) {
            connection.buffer().putBytes(at, operation.capture(payload), 0, payload);
        } else if (payload > 0
                && !md.memory.copyOut(
                        operation.localOffset, payload, connection.buffer().addressOffset() + at)) {
            connection.abort();
            endUnsent(operation, md, NiFail.SEGV);
            return 1;
        }
        connection.commit();
        operation.requested = true;
        if (answered) {
            connection.takeCredit();
            operation.credited = true;
        }
        if (!large) {
            InitiatorEvents.send(operation, md, NiFail.OK);
            if (!answered) {
                finish(operation, md);
            }
        }
        return 1;
    }

    private int sendGet(final Operation operation, final Connection connection) {
        if (!connection.hasCredit() || !connection.claim(GET_LENGTH)) {
            return Sendable.BLOCKED;
        }
        get.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .operationId(operation.id())
                .portalIndex(operation.portalIndex)
                .interfaceKind((short) operation.kind)
                .reserved1((short) 0)
                .reserved2((short) 0)
                .reserved3((short) 0)
                .matchBits(operation.matchBits)
                .remoteOffset(operation.remoteOffset)
                .rlength(operation.length);
        connection.commit();
        connection.takeCredit();
        operation.requested = true;
        operation.credited = true;
        return 1;
    }

    /** Sends a piece of a large put. */
    int sendPiece(final PutTransfer transfer, final Connection connection) {
        final Operation operation = transfer.operation;
        final BoundMemory md = operation == null ? null : operation.md;
        if (operation == null || md == null || transfer.failing) {
            // the operation ended early: the target must not wait for the rest
            if (transfer.sent < transfer.length
                    && !data.sendFailure(connection, transfer.transferId)) {
                return Sendable.BLOCKED;
            }
            give(transfer);
            return 1;
        }
        final int piece =
                data.send(
                        connection,
                        transfer.transferId,
                        false,
                        md.memory,
                        operation.localOffset,
                        transfer.sent,
                        transfer.length);
        if (piece == DataFrames.BLOCKED) {
            return Sendable.BLOCKED;
        }
        if (piece == DataFrames.GONE) {
            transfer.failing = true;
            InitiatorEvents.unsent(operation, md, NiFail.SEGV);
            abandon(operation, md);
            return Sendable.ROTATE;
        }
        transfer.sent += piece;
        if (transfer.sent < transfer.length) {
            return Sendable.ROTATE;
        }
        operation.transfer = null;
        InitiatorEvents.send(operation, md, NiFail.OK);
        if (operation.ack == AckRequest.NO_ACK) {
            // SEND was the last event: the descriptor is free, though the target has yet to answer
            abandon(operation, md);
        }
        give(transfer);
        return 1;
    }

    void give(final PutTransfer transfer) {
        final Operation operation = transfer.operation;
        if (operation != null && operation.transfer == transfer) {
            operation.transfer = null;
        }
        transfer.operation = null;
        transfers.add(transfer);
    }

    /**
     * An acknowledgement has arrived. Hot path.
     *
     * @param connection from whom
     * @param operationId of the put
     * @param fail ordinal of the outcome, or 255
     * @param list ordinal of the list
     * @param mlength bytes moved
     * @param remoteOffset the offset used
     */
    public void onAck(
            final Connection connection,
            final int operationId,
            final int fail,
            final int list,
            final long mlength,
            final long remoteOffset) {
        final Operation operation = slots.find(operationId, connection);
        if (operation == null
                || operation.get
                || !operation.requested
                || fail != SILENT && fail >= FAILS.length) {
            connection.violation(
                    "ack of operation " + Integer.toHexString(operationId) + ", ni_fail=" + fail);
            return;
        }
        detach(operation);
        final BoundMemory md = operation.md;
        if (!operation.abandoned && md != null) {
            if (!operation.sendPosted) {
                InitiatorEvents.send(operation, md, NiFail.OK);
            }
            if (fail != SILENT) {
                InitiatorEvents.ack(operation, md, FAILS[fail], mlength, remoteOffset, list);
            }
        }
        finish(operation, md);
    }

    private static void detach(final Operation operation) {
        final PutTransfer transfer = operation.transfer;
        if (transfer != null) {
            transfer.sent = transfer.length; // the target wants no more
            transfer.operation = null;
            operation.transfer = null;
        }
    }

    /**
     * The target asks for the data of a large put.
     *
     * @param connection from whom
     * @param operationId of the put
     * @param transferId the target's name of the transfer
     * @param mlength bytes wanted
     */
    public void onGrant(
            final Connection connection,
            final int operationId,
            final int transferId,
            final long mlength) {
        final Operation operation = slots.find(operationId, connection);
        if (operation == null
                || operation.get
                || !operation.requested
                || operation.sendPosted && !operation.abandoned
                || operation.transfer != null
                || mlength <= 0
                || mlength > operation.length) {
            connection.violation(
                    "grant of operation "
                            + Integer.toHexString(operationId)
                            + ", mlength="
                            + mlength);
            return;
        }
        final PutTransfer transfer =
                transfers.isEmpty() ? new PutTransfer(this) : transfers.removeLast();
        transfer.set(operation, transferId, mlength);
        operation.transfer = transfer;
        transfer.failing = operation.abandoned;
        connection.transfer(transfer);
    }

    /**
     * A reply has arrived. Hot path.
     *
     * @param connection from whom
     * @param operationId of the get
     * @param fail ordinal of the outcome
     * @param list ordinal of the list
     * @param large whether the bytes follow in Data frames
     * @param mlength bytes moved
     * @param remoteOffset the offset used
     * @param address of the bytes in the frame
     */
    public void onReply(
            final Connection connection,
            final int operationId,
            final int fail,
            final int list,
            final boolean large,
            final long mlength,
            final long remoteOffset,
            final long address) {
        final Operation operation = slots.find(operationId, connection);
        if (operation == null
                || !operation.get
                || !operation.requested
                || fail >= FAILS.length
                || mlength < 0
                || mlength > operation.length
                || fail == 0 && operation.receiving) {
            connection.violation(
                    "reply of operation "
                            + Integer.toHexString(operationId)
                            + ", mlength="
                            + mlength);
            return;
        }
        operation.replyList = list;
        operation.replyLength = mlength;
        operation.replyOffset = remoteOffset;
        if (fail != 0) {
            operation.placed = FAILS[fail];
            operation.replyLength = 0;
            replied(operation);
        } else if (large && mlength > 0) {
            operation.receiving = true;
        } else {
            store(operation, 0, mlength, address);
            replied(operation);
        }
    }

    private static void store(
            final Operation operation, final long offset, final long length, final long address) {
        final BoundMemory md = operation.md;
        if (md != null
                && !operation.abandoned
                && !md.memory.copyIn(operation.localOffset + offset, length, address)) {
            operation.placed = NiFail.SEGV;
        }
    }

    private void replied(final Operation operation) {
        final BoundMemory md = operation.md;
        if (!operation.abandoned && md != null) {
            // what could not be stored everywhere was not moved
            InitiatorEvents.reply(
                    operation,
                    md,
                    operation.placed,
                    operation.placed == NiFail.OK ? operation.replyLength : 0,
                    operation.replyOffset,
                    operation.replyList);
        }
        finish(operation, md);
    }

    /**
     * A piece of a large reply has arrived. Hot path.
     *
     * @param connection from whom
     * @param operationId of the get
     * @param offset from the start of the transfer
     * @param length bytes
     * @param address of the bytes
     */
    public void onData(
            final Connection connection,
            final int operationId,
            final long offset,
            final int length,
            final long address) {
        final Operation operation = slots.find(operationId, connection);
        if (operation == null
                || !operation.receiving
                || offset != operation.received
                || length > operation.replyLength - operation.received) {
            connection.violation(
                    "data at " + offset + " of operation " + Integer.toHexString(operationId));
            return;
        }
        store(operation, offset, length, address);
        operation.received += length;
        if (operation.received == operation.replyLength) {
            replied(operation);
        }
    }

    /** An operation ends because its peer is down or was never reached. */
    void undeliverable(final Operation operation) {
        final BoundMemory md = operation.md;
        if (!operation.abandoned && md != null) {
            tellUndeliverable(operation, md);
        }
        finish(operation, md);
    }

    private static void tellUndeliverable(final Operation operation, final BoundMemory md) {
        if (operation.get) {
            InitiatorEvents.reply(
                    operation, md, NiFail.UNDELIVERABLE, 0, operation.remoteOffset, 0);
        } else if (operation.sendPosted) {
            InitiatorEvents.ack(operation, md, NiFail.UNDELIVERABLE, 0, operation.remoteOffset, 0);
        } else {
            InitiatorEvents.unsent(operation, md, NiFail.UNDELIVERABLE);
            AtomicInitiator.unsent(operation, NiFail.UNDELIVERABLE);
        }
    }

    void endUnsent(final Operation operation, final BoundMemory md, final NiFail fail) {
        InitiatorEvents.unsent(operation, md, fail);
        AtomicInitiator.unsent(operation, fail);
        finish(operation, md);
    }

    void finish(final Operation operation, final @Nullable BoundMemory md) {
        final Connection connection = operation.connection;
        if (operation.credited && connection != null) {
            connection.returnCredit();
        }
        if (md != null && !operation.abandoned) {
            md.outstanding--;
        }
        slots.give(operation);
    }

    // the program is told now; the slot and the credit wait for the peer's response
    private static void abandon(final Operation operation, final BoundMemory md) {
        operation.abandoned = true;
        operation.md = null;
        md.outstanding--;
    }

    /**
     * Ends every operation of a connection that is down.
     *
     * @param connection the connection
     */
    public void onDown(final Connection connection) {
        for (int i = 0; i < slots.count(); i++) {
            final Operation operation = slots.at(i);
            if (operation.inUse && operation.connection == connection) {
                undeliverable(operation);
            }
        }
    }

    /**
     * Whether operations of an interface are in flight.
     *
     * @param owner identity of the interface
     * @return true if any
     */
    public boolean isBusy(final Object owner) {
        for (int i = 0; i < slots.count(); i++) {
            final Operation operation = slots.at(i);
            final BoundMemory md = operation.md;
            if (operation.inUse && md != null && md.isOf(owner)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Ends every operation of an interface in the program's eyes.
     *
     * @param owner identity of the interface
     */
    public void abandon(final Object owner) {
        for (int i = 0; i < slots.count(); i++) {
            final Operation operation = slots.at(i);
            final BoundMemory md = operation.md;
            if (operation.inUse && md != null && md.isOf(owner)) {
                tellUndeliverable(operation, md);
                abandon(operation, md);
            }
        }
    }
}

package org.portals4j.engine.initiator;

import org.jspecify.annotations.Nullable;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;

/** The data of a large put on its way to the target. Pooled by {@link Initiator}. */
final class PutTransfer extends Sendable {
    int transferId;
    long length;
    long sent;
    boolean failing;

    /** The operation; null when it has ended before its data was out. */
    @Nullable Operation operation;

    private final Initiator initiator;

    PutTransfer(final Initiator initiator) {
        this.initiator = initiator;
    }

    PutTransfer set(final Operation newOperation, final int newTransferId, final long newLength) {
        operation = newOperation;
        transferId = newTransferId;
        length = newLength;
        sent = 0;
        failing = false;
        return this;
    }

    @Override
    protected int send(final Connection connection) {
        return initiator.sendPiece(this, connection);
    }

    @Override
    protected void dropped(final Connection connection) {
        initiator.give(this);
    }
}

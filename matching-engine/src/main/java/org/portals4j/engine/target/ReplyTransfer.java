package org.portals4j.engine.target;

import org.jspecify.annotations.Nullable;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;

/** The data of a large get on its way to the initiator. Pooled by {@link Responses}. */
final class ReplyTransfer extends Sendable {
    private final Responses responses;
    private @Nullable Arrival arrival;

    ReplyTransfer(final Responses responses) {
        this.responses = responses;
    }

    ReplyTransfer set(final Arrival newArrival) {
        arrival = newArrival;
        return this;
    }

    void clear() {
        arrival = null;
    }

    @Override
    protected int send(final Connection connection) {
        final Arrival current = arrival;
        if (current == null) {
            throw new IllegalStateException("transfer without arrival");
        }
        return responses.sendPiece(connection, this, current);
    }

    @Override
    protected void dropped(final Connection connection) {
        responses.dropped(this, arrival);
    }
}

package org.portals4j.engine.peer;

import java.util.List;

/**
 * Watches connections: silence, heartbeats, and how long requests wait for a connection. Guarded by
 * the instance's lock.
 */
final class PeerWatch {
    private final Connections table;
    private final PeerSettings settings;
    private long lastNs;

    PeerWatch(final Connections table) {
        this.table = table;
        this.settings = table.settings;
        lastNs = table.now();
    }

    /** Looks at every connection; to be called a few times per millisecond at most. */
    void look(final List<Connection> all, final long now) {
        final boolean stalled = now - lastNs > settings.peerTimeoutNs() / 2;
        lastNs = now;
        for (int i = all.size() - 1; i >= 0; i--) {
            final Connection c = all.get(i);
            if (c.self == null && c.state == Connection.State.CONNECTED) {
                watch(c, now, stalled);
            }
            if (c.state != Connection.State.DOWN) {
                expire(c, now);
            }
        }
    }

    private void watch(final Connection c, final long now, final boolean stalled) {
        // after a stop of our own the peer's frames may still lie in the transport
        if (c.heard || stalled) {
            c.heard = false;
            c.heardNs = now;
        } else if (now - c.heardNs > settings.peerTimeoutNs()) {
            table.down(c, "peer " + c + " was silent for " + (now - c.heardNs) / 1_000_000 + " ms");
            return;
        }
        if (c.sent) {
            c.sent = false;
            c.sentNs = now;
        } else if (now - c.sentNs > c.heartbeatIntervalNs) {
            c.heartbeatDue = true;
            table.activate(c);
        }
    }

    private void expire(final Connection c, final long now) {
        final long limit = settings.connectTimeoutNs();
        for (int kind = 0; kind < c.requests.length; kind++) {
            final SendQueue queue = c.requests[kind];
            for (Sendable head = queue.first();
                    head != null && c.isOverdue(kind, head, now, limit);
                    head = queue.first()) {
                queue.pop();
                head.dropped(c);
            }
        }
        if (c.state == Connection.State.HELLO && now - c.bornNs > limit && c.requestsEmpty()) {
            c.byeReceived = true;
            table.down(c, "peer " + c + " did not answer within " + limit / 1_000_000 + " ms");
        } else if (c.state == Connection.State.LEAVING
                && now - c.heardNs > settings.peerTimeoutNs()) {
            table.remove(c);
        }
    }
}

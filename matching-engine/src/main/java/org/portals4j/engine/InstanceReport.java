package org.portals4j.engine;

import org.portals4j.Portals;
import org.portals4j.engine.initiator.Initiator;
import org.portals4j.engine.match.MatchCounters;
import org.portals4j.engine.peer.Connections;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Endpoint;

/** {@link Portals#describe()}: what an instance reserves, and what it has counted. */
final class InstanceReport {
    private static final long SLOT_BYTES = 160;
    private static final long PEER_BYTES = 512;
    private static final long CREDIT_BYTES = 96 + 512;

    private InstanceReport() {}

    static String text(
            final Portals.Context context,
            final Endpoint endpoint,
            final Initiator initiator,
            final Connections connections,
            final MatchCounters matching) {
        final Capabilities can = endpoint.capabilities();
        final long slots = context.operationSlots() * SLOT_BYTES;
        final long credit = context.peerCredit() * CREDIT_BYTES;
        return String.join(
                System.lineSeparator(),
                endpoint.describe(),
                "frame "
                        + can.maxFrame()
                        + " B, eager "
                        + initiator.eagerLimit()
                        + " B, window "
                        + (context.windowBytes() > 0 ? context.windowBytes() : can.defaultWindow())
                        + " B",
                "operation slots "
                        + context.operationSlots()
                        + " (one peer at most "
                        + Math.max(1, context.operationSlots() / 4)
                        + "), in flight "
                        + initiator.inFlight(),
                "memory: "
                        + context.operationSlots()
                        + " slots x "
                        + SLOT_BYTES
                        + " B = "
                        + slots
                        + " B; per peer "
                        + PEER_BYTES
                        + " B + its transport buffers; per peer at most "
                        + context.peerCredit()
                        + " credits x "
                        + CREDIT_BYTES
                        + " B = "
                        + credit
                        + " B, only while answers wait",
                "peers " + connections.size() + "; " + connections.counters(),
                "matching: " + matching);
    }
}

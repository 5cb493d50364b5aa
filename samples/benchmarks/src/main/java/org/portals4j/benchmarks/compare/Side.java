package org.portals4j.benchmarks.compare;

import java.util.Locale;

/** Whose turn it is. */
enum Side {
    /** Portals4J. */
    OURS,
    /** What is below it, used directly. */
    RAW;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Side of(final String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** The pong end; its address, if it has one, is what the ping end needs. */
    static Opened openPong(final Side side, final Profile profile, final String pingAddress) {
        if (side == OURS) {
            final PortalsEnd end = PortalsEnd.open(profile);
            return new Opened(end.pong(pingAddress), end.address());
        }
        return profile.transport().equals("loopback")
                ? new Opened(new RingEnd(RingEnd.TO_PONG, RingEnd.TO_PING), "rings")
                : new Opened(AeronEnd.open(profile, false), "streams");
    }

    /** A pong end and its address. */
    record Opened(Pong pong, String address) {}
}

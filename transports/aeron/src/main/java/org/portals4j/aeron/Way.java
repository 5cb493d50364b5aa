package org.portals4j.aeron;

import java.util.Locale;

/** The transport names of this provider: which ways an endpoint offers. */
enum Way {
    /** Shared memory to peers announced in the endpoint's driver, UDP to others. */
    AERON,
    /** Shared memory only; no socket is opened. */
    IPC,
    /** UDP only, even to peers of the same driver. */
    UDP;

    static Way of(final String transport) {
        return valueOf(transport.toUpperCase(Locale.ROOT));
    }

    boolean ipc() {
        return this != UDP;
    }

    boolean udp() {
        return this != IPC;
    }

    String transport() {
        return name().toLowerCase(Locale.ROOT);
    }
}

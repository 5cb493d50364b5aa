package org.portals4j.tools;

import java.util.Locale;

/** The transports that the command offers. */
enum Transport {
    /** Aeron: shared memory to peers of the same media driver, UDP to others. */
    AERON,
    /** Aeron, through shared memory only. */
    IPC,
    /** Aeron, over UDP only. */
    UDP,
    /** Within this process. */
    LOOPBACK;

    /** The name that {@link org.portals4j.Portals.Context} knows. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

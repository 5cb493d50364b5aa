package org.portals4j;

/**
 * A process: ptl_process_t (section 3.9), here by its physical name.
 *
 * @param nid the node id, an unsigned 32-bit number; an IPv4 address by default
 * @param pid the process id on that node, 1 to 65534, or {@link #PID_ANY}
 */
public record ProcessId(int nid, int pid) {
    /** Wildcard node id: PTL_NID_ANY. */
    public static final int NID_ANY = 0xffff;

    /** Wildcard process id: PTL_PID_ANY. */
    public static final int PID_ANY = 0xffff;

    /** Any process: both wildcards. */
    public static final ProcessId ANY = new ProcessId(NID_ANY, PID_ANY);

    /** The smallest process id that a process can have. */
    public static final int PID_MIN = 1;

    /** The largest process id that a process can have. */
    public static final int PID_MAX = 65534;

    /**
     * Reads {@code a.b.c.d:pid}, or {@code nid:pid} with a decimal nid.
     *
     * @param text the text
     * @return the process
     * @throws PortalsException ARG_INVALID if the text is neither form
     */
    public static ProcessId parse(final String text) {
        final int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                final int pid = Integer.parseInt(text.substring(colon + 1));
                if (pid >= PID_MIN && pid <= PID_MAX) {
                    return new ProcessId(parseNid(text.substring(0, colon)), pid);
                }
            }
        } catch (final NumberFormatException e) {
            throw new PortalsException(ReturnCode.ARG_INVALID, malformed(text), e);
        }
        throw new PortalsException(ReturnCode.ARG_INVALID, malformed(text));
    }

    /**
     * Reads a node id as dotted quad or as an unsigned decimal number.
     *
     * @param text the text
     * @return the node id
     * @throws NumberFormatException if it is neither
     */
    public static int parseNid(final String text) {
        final String[] parts = text.split("\\.", -1);
        if (parts.length == 1) {
            return Integer.parseUnsignedInt(text);
        }
        if (parts.length != 4) {
            throw new NumberFormatException("nid=" + text);
        }
        int nid = 0;
        for (final String part : parts) {
            final int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new NumberFormatException("nid=" + text);
            }
            nid = (nid << 8) | octet;
        }
        return nid;
    }

    /**
     * A node id as dotted quad.
     *
     * @param nid the node id
     * @return text of the form {@code a.b.c.d}
     */
    public static String formatNid(final int nid) {
        return (nid >>> 24)
                + "."
                + ((nid >>> 16) & 255)
                + "."
                + ((nid >>> 8) & 255)
                + "."
                + (nid & 255);
    }

    private static String malformed(final String text) {
        return "process=" + text + ", expected a.b.c.d:pid with pid in 1..65534";
    }

    @Override
    public String toString() {
        return formatNid(nid) + ":" + pid;
    }
}

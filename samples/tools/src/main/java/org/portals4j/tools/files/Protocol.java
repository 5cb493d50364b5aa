package org.portals4j.tools.files;

/** The numbers that both sides of the file protocol know. */
final class Protocol {
    /** Both sides must speak the same version. */
    static final int VERSION = 1;

    /** Portal table index of control messages. */
    static final int CONTROL = 0;

    /** Portal table index of file contents. */
    static final int DATA = 1;

    /** Portal table index of the entry that takes any short put. */
    static final int PROBE = 2;

    /** Match bits of control messages. */
    static final long CONTROL_BITS = 0x706f7274616c7334L;

    /** Match bits of probes and of the latency measurement. */
    static final long PROBE_BITS = 0x70726f6265L;

    /** The longest file name, in bytes of UTF-8. */
    static final int MAX_NAME = 4096;

    /** The longest text of an error message, in bytes of UTF-8. */
    static final int MAX_TEXT = 1024;

    /** The longest control message: STORE with the longest name. */
    static final int MAX_MESSAGE = MAX_NAME + 64;

    /** Bytes of one put or get of file contents. */
    static final int CHUNK = 4 << 20;

    /** Files that one client may have open at a time. */
    static final int WINDOW = 16;

    /** Length of a SHA-256. */
    static final int SHA_BYTES = 32;

    /** What the user data of events is about; see {@link #tag}. */
    static final int TAG_RING = 1;

    /** User data of control messages sent: the slot. */
    static final int TAG_OUTBOX = 2;

    /** User data of probes: their number. */
    static final int TAG_PROBE = 3;

    /** User data of chunks: the transfer. */
    static final int TAG_DATA = 4;

    /** User data of the latency measurement. */
    static final int TAG_LATENCY = 5;

    private static final int TAG_SHIFT = 56;
    private static final long VALUE_MASK = (1L << TAG_SHIFT) - 1;

    private Protocol() {}

    /**
     * Marks user data with what it is about, so that one event queue serves everything.
     *
     * @param tag one of the TAG constants
     * @param value below 2^56
     * @return user data
     */
    static long tag(final int tag, final long value) {
        return ((long) tag << TAG_SHIFT) | value;
    }

    /**
     * What user data is about.
     *
     * @param userData of an event
     * @return one of the TAG constants, or another number
     */
    static int tagOf(final long userData) {
        return (int) (userData >>> TAG_SHIFT);
    }

    /**
     * The value in user data.
     *
     * @param userData of an event
     * @return the value
     */
    static long valueOf(final long userData) {
        return userData & VALUE_MASK;
    }
}

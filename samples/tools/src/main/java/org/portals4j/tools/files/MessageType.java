package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;

/** What a control message says; the code travels in the top byte of the put's header data. */
enum MessageType {
    /** Client: opens a session. */
    HELLO,
    /** Server: the session is open. */
    WELCOME,
    /** Client: wants to send a file. */
    STORE,
    /** Server: put the bytes into the entry with these match bits. */
    READY,
    /** Client: all bytes are there, and this is their checksum. */
    COMMIT,
    /** Server: the file is in its place, and this is its checksum. */
    STORED,
    /** Client: wants to read a file. */
    FETCH,
    /** Server: get the bytes from the entry with these match bits. */
    EXPOSED,
    /** Client: has read what it wanted. */
    RELEASE,
    /** Server: the entry is gone, and this is the checksum of the file. */
    RELEASED,
    /** Client: gives a file up. */
    ABORT,
    /** Client: asks for the counters of the session. */
    STATISTICS,
    /** Server: the counters. */
    COUNTERS,
    /** Client: ends the session. */
    BYE,
    /** Server: the request failed, and this is why. */
    ERROR;

    private static final MessageType[] TYPES = values();
    private static final int TYPE_SHIFT = 56;
    private static final long ID_MASK = (1L << TYPE_SHIFT) - 1;

    /**
     * The header data of a message.
     *
     * @param id the number of the request, below 2^56
     * @return type and number in one word
     */
    long headerData(final long id) {
        return ((long) ordinal() << TYPE_SHIFT) | (id & ID_MASK);
    }

    /**
     * The type in header data.
     *
     * @param headerData of a put
     * @return the type, or null if it names none
     */
    static @Nullable MessageType of(final long headerData) {
        final int code = (int) (headerData >>> TYPE_SHIFT);
        return code < TYPES.length ? TYPES[code] : null;
    }

    /**
     * The number of the request in header data.
     *
     * @param headerData of a put
     * @return the number
     */
    static long id(final long headerData) {
        return headerData & ID_MASK;
    }
}

package org.portals4j.loopback.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Supplier;

/** What bytes of the simulation contain, so that each byte tells where it came from. */
final class Pattern {
    private Pattern() {}

    /** Byte {@code i} of the message of a put. */
    static byte put(final long operation, final long i) {
        return (byte) ((operation * 0x9e3779b1L >>> 7) + i * 31 + (i >>> 8));
    }

    /** Byte {@code i} of any entry that only gets read. */
    static byte get(final long i) {
        return (byte) (i * 7 + (i >>> 8) + 13);
    }

    /** Byte {@code i} of memory that nobody has written. */
    static byte unwritten(final long i) {
        return (byte) (0xc3 ^ i * 5);
    }

    /** Fills memory at once: byte by byte a segment is slow. */
    static void write(final byte[] bytes, final MemorySegment memory) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    static byte[] read(final MemorySegment memory) {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    static void checkByte(final boolean valid, final long i, final Object about) {
        if (!valid) {
            throw new AssertionError("byte " + i + " is wrong: " + about);
        }
    }

    /** As the other, for messages that cost something. */
    static void check(final boolean valid, final Supplier<String> message, final Object about) {
        if (!valid) {
            throw new AssertionError(message.get() + ": " + about);
        }
    }

    static void check(final boolean valid, final String message, final Object about) {
        if (!valid) {
            throw new AssertionError(message + ": " + about);
        }
    }
}

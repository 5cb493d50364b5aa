package org.portals4j.engine.atomic;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Off-heap elements by address, in the byte order of the processor, without alignment. */
final class RawMemory {
    private static final MemorySegment EVERYTHING = everything();

    private RawMemory() {}

    static byte getByte(final long address) {
        return EVERYTHING.get(ValueLayout.JAVA_BYTE, address);
    }

    static short getShort(final long address) {
        return EVERYTHING.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    static int getInt(final long address) {
        return EVERYTHING.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    static long getLong(final long address) {
        return EVERYTHING.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void putByte(final long address, final byte value) {
        EVERYTHING.set(ValueLayout.JAVA_BYTE, address, value);
    }

    static void putShort(final long address, final short value) {
        EVERYTHING.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
    }

    static void putInt(final long address, final int value) {
        EVERYTHING.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
    }

    static void putLong(final long address, final long value) {
        EVERYTHING.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    static void copy(final long from, final long to, final long count) {
        MemorySegment.copy(EVERYTHING, from, EVERYTHING, to, count);
    }

    @SuppressWarnings("restricted") // frames and scratch memory are addressed by number
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}

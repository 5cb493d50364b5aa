package org.portals4j.engine.atomic;

import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;

/** Elements of the eight integer types, widened to 64 bits and narrowed again: so they wrap. */
final class Integers {
    private Integers() {}

    /** Changes one element; t and d are addresses, o that of the operand. Hot path. */
    static void apply(
            final AtomicOperation operation,
            final Datatype type,
            final long target,
            final long data,
            final long operand) {
        final long t = load(type, target);
        final long d = load(type, data);
        final long result =
                switch (operation) {
                    case MIN -> less(type, d, t) ? d : t;
                    case MAX -> less(type, t, d) ? d : t;
                    case SUM -> t + d;
                    case PROD -> t * d;
                    case LOR -> truth((t | d) != 0);
                    case LAND -> truth(t != 0 && d != 0);
                    case LXOR -> truth((t != 0) != (d != 0));
                    case BOR -> t | d;
                    case BAND -> t & d;
                    case BXOR -> t ^ d;
                    case SWAP -> d;
                    case MSWAP -> {
                        final long mask = load(type, operand);
                        yield t & ~mask | d & mask;
                    }
                    default -> holds(operation, type, load(type, operand), t) ? d : t;
                };
        store(type, target, result);
    }

    private static boolean holds(
            final AtomicOperation operation, final Datatype type, final long o, final long t) {
        return switch (operation) {
            case CSWAP -> o == t;
            case CSWAP_NE -> o != t;
            case CSWAP_LE -> !less(type, t, o);
            case CSWAP_LT -> less(type, o, t);
            case CSWAP_GE -> !less(type, o, t);
            default -> less(type, t, o);
        };
    }

    private static long truth(final boolean value) {
        return value ? 1 : 0;
    }

    private static boolean less(final Datatype type, final long a, final long b) {
        return type == Datatype.UINT64 ? Long.compareUnsigned(a, b) < 0 : a < b;
    }

    private static long load(final Datatype type, final long address) {
        return switch (type) {
            case INT8 -> RawMemory.getByte(address);
            case UINT8 -> Byte.toUnsignedLong(RawMemory.getByte(address));
            case INT16 -> RawMemory.getShort(address);
            case UINT16 -> Short.toUnsignedLong(RawMemory.getShort(address));
            case INT32 -> RawMemory.getInt(address);
            case UINT32 -> Integer.toUnsignedLong(RawMemory.getInt(address));
            default -> RawMemory.getLong(address);
        };
    }

    private static void store(final Datatype type, final long address, final long value) {
        switch (type.size()) {
            case 1 -> RawMemory.putByte(address, (byte) value);
            case 2 -> RawMemory.putShort(address, (short) value);
            case 4 -> RawMemory.putInt(address, (int) value);
            default -> RawMemory.putLong(address, value);
        }
    }
}

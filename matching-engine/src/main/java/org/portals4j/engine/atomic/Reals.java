package org.portals4j.engine.atomic;

import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;

/**
 * Elements of the real and complex types. A register of operands. Allocates nothing; not thread
 * safe.
 *
 * <pre>
 *   real        MIN MAX SUM PROD  SWAP CSWAP CSWAP_NE CSWAP_LE CSWAP_LT CSWAP_GE CSWAP_GT
 *   complex             SUM PROD  SWAP CSWAP CSWAP_NE
 * </pre>
 */
final class Reals {
    private final FloatProduct floats = new FloatProduct();
    private final DoubleProduct doubles = new DoubleProduct();
    private final ExtendedProduct extendeds = new ExtendedProduct();
    private final Extended x = new Extended();
    private final Extended y = new Extended();
    private final Extended xi = new Extended();
    private final Extended yi = new Extended();

    Reals() {}

    /** Changes one element; the arguments are addresses. Hot path. */
    void apply(
            final AtomicOperation operation,
            final Datatype type,
            final long target,
            final long data,
            final long operand) {
        switch (operation) {
            case SUM -> sum(type, target, data);
            case PROD -> product(type, target, data);
            case MIN -> {
                if (less(type, data, target)) {
                    replace(type, target, data);
                }
            }
            case MAX -> {
                if (less(type, target, data)) {
                    replace(type, target, data);
                }
            }
            default -> {
                if (holds(operation, type, operand, target)) {
                    RawMemory.copy(data, target, type.size());
                }
            }
        }
    }

    private boolean holds(
            final AtomicOperation operation, final Datatype type, final long o, final long t) {
        return switch (operation) {
            case CSWAP -> equal(type, o, t);
            case CSWAP_NE -> !equal(type, o, t);
            case CSWAP_LE -> less(type, o, t) || equal(type, o, t);
            case CSWAP_LT -> less(type, o, t);
            case CSWAP_GE -> less(type, t, o) || equal(type, o, t);
            case CSWAP_GT -> less(type, t, o);
            default -> true; // SWAP
        };
    }

    private void sum(final Datatype type, final long target, final long data) {
        switch (type) {
            case FLOAT -> addFloat(target, data);
            case FLOAT_COMPLEX -> {
                addFloat(target, data);
                addFloat(target + 4, data + 4);
            }
            case DOUBLE -> addDouble(target, data);
            case DOUBLE_COMPLEX -> {
                addDouble(target, data);
                addDouble(target + 8, data + 8);
            }
            case LONG_DOUBLE -> addExtended(target, data);
            default -> {
                addExtended(target, data);
                addExtended(target + 16, data + 16);
            }
        }
    }

    private static void addFloat(final long target, final long data) {
        RawMemory.putInt(target, Numbers.add(RawMemory.getInt(target), RawMemory.getInt(data)));
    }

    private static void addDouble(final long target, final long data) {
        RawMemory.putLong(target, Numbers.add(RawMemory.getLong(target), RawMemory.getLong(data)));
    }

    private void addExtended(final long target, final long data) {
        load(x, target);
        load(y, data);
        x.add(x, y);
        store(x, target);
    }

    private void product(final Datatype type, final long target, final long data) {
        switch (type) {
            case FLOAT ->
                    RawMemory.putInt(
                            target,
                            Numbers.multiply(RawMemory.getInt(target), RawMemory.getInt(data)));
            case FLOAT_COMPLEX -> {
                floats.multiply(
                        RawMemory.getInt(target),
                        RawMemory.getInt(target + 4),
                        RawMemory.getInt(data),
                        RawMemory.getInt(data + 4));
                RawMemory.putInt(target, floats.real);
                RawMemory.putInt(target + 4, floats.imaginary);
            }
            case DOUBLE ->
                    RawMemory.putLong(
                            target,
                            Numbers.multiply(RawMemory.getLong(target), RawMemory.getLong(data)));
            case DOUBLE_COMPLEX -> {
                doubles.multiply(
                        RawMemory.getLong(target),
                        RawMemory.getLong(target + 8),
                        RawMemory.getLong(data),
                        RawMemory.getLong(data + 8));
                RawMemory.putLong(target, doubles.real);
                RawMemory.putLong(target + 8, doubles.imaginary);
            }
            case LONG_DOUBLE -> {
                load(x, target);
                load(y, data);
                x.multiply(x, y);
                store(x, target);
            }
            default -> {
                load(x, target);
                load(xi, target + 16);
                load(y, data);
                load(yi, data + 16);
                extendeds.multiply(x, xi, y, yi);
                store(extendeds.real, target);
                store(extendeds.imaginary, target + 16);
            }
        }
    }

    private boolean less(final Datatype type, final long a, final long b) {
        return switch (type) {
            case FLOAT -> getFloat(a) < getFloat(b);
            case DOUBLE -> getDouble(a) < getDouble(b);
            default -> {
                load(x, a);
                load(y, b);
                yield Extended.less(x, y);
            }
        };
    }

    private boolean equal(final Datatype type, final long a, final long b) {
        return switch (type) {
            case FLOAT -> getFloat(a) == getFloat(b);
            case FLOAT_COMPLEX -> getFloat(a) == getFloat(b) && getFloat(a + 4) == getFloat(b + 4);
            case DOUBLE -> getDouble(a) == getDouble(b);
            case DOUBLE_COMPLEX ->
                    getDouble(a) == getDouble(b) && getDouble(a + 8) == getDouble(b + 8);
            case LONG_DOUBLE -> equalExtended(a, b);
            default -> equalExtended(a, b) && equalExtended(a + 16, b + 16);
        };
    }

    private boolean equalExtended(final long a, final long b) {
        load(x, a);
        load(y, b);
        return Extended.equal(x, y);
    }

    private static float getFloat(final long address) {
        return Float.intBitsToFloat(RawMemory.getInt(address));
    }

    private static double getDouble(final long address) {
        return Double.longBitsToDouble(RawMemory.getLong(address));
    }

    // the value without its padding
    private static void replace(final Datatype type, final long target, final long data) {
        RawMemory.copy(data, target, type == Datatype.LONG_DOUBLE ? 10 : type.size());
    }

    private static void load(final Extended value, final long address) {
        value.set(Short.toUnsignedInt(RawMemory.getShort(address + 8)), RawMemory.getLong(address));
    }

    private static void store(final Extended value, final long address) {
        RawMemory.putLong(address, value.low);
        RawMemory.putShort(address + 8, (short) value.high);
    }
}

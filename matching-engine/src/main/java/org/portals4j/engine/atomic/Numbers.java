package org.portals4j.engine.atomic;

/**
 * Float and double arithmetic whose NaNs do not depend on the compiler: as the SSE unit does it,
 * the first operand that is a NaN, made quiet, otherwise the "indefinite" NaN. Numbers are bit
 * patterns.
 */
final class Numbers {
    private static final int FLOAT_QUIET = 1 << 22;
    private static final int FLOAT_INDEFINITE = 0xffc00000;
    private static final long DOUBLE_QUIET = 1L << 51;
    private static final long DOUBLE_INDEFINITE = 0xfff8000000000000L;

    private Numbers() {}

    static int add(final int a, final int b) {
        return result(a, b, Float.intBitsToFloat(a) + Float.intBitsToFloat(b));
    }

    static int subtract(final int a, final int b) {
        return result(a, b, Float.intBitsToFloat(a) - Float.intBitsToFloat(b));
    }

    static int multiply(final int a, final int b) {
        return result(a, b, Float.intBitsToFloat(a) * Float.intBitsToFloat(b));
    }

    private static int result(final int a, final int b, final float value) {
        if (!Float.isNaN(value)) {
            return Float.floatToRawIntBits(value);
        }
        if (isNaN(a)) {
            return a | FLOAT_QUIET;
        }
        return isNaN(b) ? b | FLOAT_QUIET : FLOAT_INDEFINITE;
    }

    static boolean isNaN(final int bits) {
        return (bits & Integer.MAX_VALUE) > 0x7f800000;
    }

    static boolean isInfinite(final int bits) {
        return (bits & Integer.MAX_VALUE) == 0x7f800000;
    }

    static long add(final long a, final long b) {
        return result(a, b, Double.longBitsToDouble(a) + Double.longBitsToDouble(b));
    }

    static long subtract(final long a, final long b) {
        return result(a, b, Double.longBitsToDouble(a) - Double.longBitsToDouble(b));
    }

    static long multiply(final long a, final long b) {
        return result(a, b, Double.longBitsToDouble(a) * Double.longBitsToDouble(b));
    }

    private static long result(final long a, final long b, final double value) {
        if (!Double.isNaN(value)) {
            return Double.doubleToRawLongBits(value);
        }
        if (isNaN(a)) {
            return a | DOUBLE_QUIET;
        }
        return isNaN(b) ? b | DOUBLE_QUIET : DOUBLE_INDEFINITE;
    }

    static boolean isNaN(final long bits) {
        return (bits & Long.MAX_VALUE) > 0x7ff0000000000000L;
    }

    static boolean isInfinite(final long bits) {
        return (bits & Long.MAX_VALUE) == 0x7ff0000000000000L;
    }
}

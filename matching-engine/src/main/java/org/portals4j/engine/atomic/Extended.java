package org.portals4j.engine.atomic;

/**
 * 80-bit extended precision as the x87 unit computes it, rounding to nearest even: {@code long
 * double} of C on x86-64. A register of one number; arithmetic leaves its result in it.
 *
 * <pre>
 *   high   [ sign 1 | exponent 15 ]             value = significand * 2^(exponent - 16383 - 63)
 *   low    [ 1 . fraction 63 ]                  exponent 0 counts as 1 (subnormals, pseudo-denormals)
 * </pre>
 *
 * <p>Exponent 0x7fff is infinity (fraction 0) or NaN. A number with an exponent but without its
 * integer bit is invalid and acts as a signalling NaN. Allocates nothing; not thread safe.
 */
final class Extended {
    static final int INFINITY_HIGH = 0x7fff;
    static final long INTEGER_BIT = 1L << 63;

    private static final int EXPONENT = 0x7fff;
    private static final int SIGN = 0x8000;
    private static final int BIAS = 16383;
    private static final long QUIET = 1L << 62;

    int high;
    long low;

    Extended set(final int newHigh, final long newLow) {
        high = newHigh;
        low = newLow;
        return this;
    }

    Extended set(final Extended other) {
        return set(other.high, other.low);
    }

    /** NaN, or an encoding that is none: what compares unordered. */
    boolean isNaN() {
        final int exponent = high & EXPONENT;
        return exponent == EXPONENT ? low != INTEGER_BIT : exponent != 0 && low >= 0;
    }

    boolean isInfinite() {
        return (high & EXPONENT) == EXPONENT && low == INTEGER_BIT;
    }

    private boolean isInvalid() {
        return (high & EXPONENT) != 0 && low >= 0;
    }

    boolean isZero() {
        return (high & EXPONENT) == 0 && low == 0;
    }

    private int exponent() {
        return Math.max(high & EXPONENT, 1);
    }

    /** this = a + b. */
    void add(final Extended a, final Extended b) {
        sum(a, b, 0);
    }

    /** this = a - b. */
    void subtract(final Extended a, final Extended b) {
        sum(a, b, SIGN);
    }

    private void sum(final Extended a, final Extended b, final int flip) {
        if (a.isNaN() || b.isNaN()) {
            nan(a, b);
            return;
        }
        final int signA = a.high & SIGN;
        final int signB = (b.high & SIGN) ^ flip;
        if (a.isInfinite() || b.isInfinite()) {
            if (a.isInfinite() && b.isInfinite() && signA != signB) {
                indefinite();
            } else {
                set((a.isInfinite() ? signA : signB) | INFINITY_HIGH, INTEGER_BIT);
            }
            return;
        }
        final boolean swap = compareMagnitude(a, b) < 0;
        final int sign = swap ? signB : signA;
        final Extended large = swap ? b : a;
        final Extended small = swap ? a : b;
        if (signA == signB) {
            addMagnitudes(sign, large.exponent(), large.low, small.exponent(), small.low);
        } else {
            subtractMagnitudes(sign, large.exponent(), large.low, small.exponent(), small.low);
        }
    }

    private void addMagnitudes(
            final int sign, final int ea, final long a, final int eb, final long b) {
        final int distance = ea - eb;
        final long sum = a + shiftRightHigh(b, distance);
        final long rest = shiftRightLow(b, 0, distance);
        if (Long.compareUnsigned(sum, a) < 0) { // carried out of 64 bits
            final long sticky = rest & 1;
            round(sign, ea + 1, sum >>> 1 | INTEGER_BIT, sum << 63 | rest >>> 1 | sticky);
        } else {
            round(sign, ea, sum, rest);
        }
    }

    private void subtractMagnitudes(
            final int sign, final int ea, final long a, final int eb, final long b) {
        final int distance = ea - eb;
        final long restB = shiftRightLow(b, 0, distance);
        final long difference = a - shiftRightHigh(b, distance) - (restB != 0 ? 1 : 0);
        final long rest = -restB;
        if ((difference | rest) == 0) {
            set(0, 0); // +0, rounding to nearest
            return;
        }
        final int zeros =
                difference == 0
                        ? 64 + Long.numberOfLeadingZeros(rest)
                        : Long.numberOfLeadingZeros(difference);
        final int shift = Math.min(zeros, ea - 1);
        if (shift == 0) {
            round(sign, ea, difference, rest);
        } else if (shift < 64) {
            final long shifted = difference << shift | rest >>> (64 - shift);
            round(sign, ea - shift, shifted, rest << shift);
        } else {
            round(sign, ea - shift, rest << (shift - 64), 0);
        }
    }

    /** this = a * b. */
    void multiply(final Extended a, final Extended b) {
        if (a.isNaN() || b.isNaN()) {
            nan(a, b);
            return;
        }
        final int sign = (a.high ^ b.high) & SIGN;
        if (a.isInfinite() || b.isInfinite()) {
            if (a.isZero() || b.isZero()) {
                indefinite();
            } else {
                set(sign | INFINITY_HIGH, INTEGER_BIT);
            }
            return;
        }
        if (a.isZero() || b.isZero()) {
            set(sign, 0);
            return;
        }
        final int zerosA = Long.numberOfLeadingZeros(a.low);
        final int zerosB = Long.numberOfLeadingZeros(b.low);
        final long x = a.low << zerosA;
        final long y = b.low << zerosB;
        int exponent = a.exponent() - zerosA + b.exponent() - zerosB - BIAS + 1;
        long product = Math.unsignedMultiplyHigh(x, y);
        long rest = x * y;
        if (product >= 0) {
            product = product << 1 | rest >>> 63;
            rest <<= 1;
            exponent--;
        }
        if (exponent < 1) { // subnormal: rounded once, where it ends
            final int shift = 1 - exponent;
            rest = shiftRightLow(product, rest, shift);
            product = shiftRightHigh(product, shift);
            exponent = 1;
        }
        round(sign, exponent, product, rest);
    }

    private static long shiftRightHigh(final long value, final int shift) {
        return shift < 64 ? value >>> shift : 0;
    }

    /** The lower 64 of 128 bits shifted right; bits lost make the lowest bit 1. */
    private static long shiftRightLow(final long value, final long rest, final int shift) {
        if (shift == 0) {
            return rest;
        }
        if (shift < 64) {
            final long lost = rest << (64 - shift);
            return value << (64 - shift) | rest >>> shift | sticky(lost);
        }
        if (shift == 64) {
            return value | sticky(rest);
        }
        if (shift < 128) {
            return value >>> (shift - 64) | sticky(value << (128 - shift) | rest);
        }
        return sticky(value | rest);
    }

    private static long sticky(final long lost) {
        return lost != 0 ? 1 : 0;
    }

    /** Rounds 128 bits to 64, to nearest even; without integer bit only where the exponent is 1. */
    private void round(final int sign, final int exponent, final long value, final long rest) {
        long rounded = value;
        int e = exponent;
        final boolean up = rest < 0 && (rest != INTEGER_BIT || (value & 1) != 0);
        if (up && ++rounded == 0) {
            rounded = INTEGER_BIT;
            e++;
        }
        if (e >= EXPONENT) {
            set(sign | INFINITY_HIGH, INTEGER_BIT);
        } else {
            set(sign | (rounded < 0 ? e : 0), rounded);
        }
    }

    /** The NaN of two operands: the larger significand, made quiet; of equal ones the positive. */
    private void nan(final Extended a, final Extended b) {
        if (a.isInvalid() || b.isInvalid()) {
            indefinite();
            return;
        }
        final boolean first;
        if (a.isNaN() && b.isNaN()) {
            final int order = Long.compareUnsigned(a.low, b.low);
            first = order == 0 ? a.high < b.high : order > 0;
        } else {
            first = a.isNaN();
        }
        final Extended chosen = first ? a : b;
        set(chosen.high, chosen.low | QUIET);
    }

    private void indefinite() {
        set(SIGN | EXPONENT, INTEGER_BIT | QUIET);
    }

    private static int compareMagnitude(final Extended a, final Extended b) {
        final int ea = a.exponent();
        final int eb = b.exponent();
        return ea != eb ? Integer.compare(ea, eb) : Long.compareUnsigned(a.low, b.low);
    }

    /** a &lt; b; false if either is a NaN. */
    static boolean less(final Extended a, final Extended b) {
        if (a.isNaN() || b.isNaN() || a.isZero() && b.isZero()) {
            return false;
        }
        final boolean negativeA = (a.high & SIGN) != 0;
        final boolean negativeB = (b.high & SIGN) != 0;
        if (negativeA != negativeB) {
            return negativeA;
        }
        final int order = compareMagnitude(a, b);
        return negativeA ? order > 0 : order < 0;
    }

    /** a == b; false if either is a NaN. */
    static boolean equal(final Extended a, final Extended b) {
        if (a.isNaN() || b.isNaN()) {
            return false;
        }
        return a.isZero() && b.isZero()
                || ((a.high ^ b.high) & SIGN) == 0 && compareMagnitude(a, b) == 0;
    }

    /** "Boxes" this for the recovery of infinities: 1 if infinite, otherwise 0, sign kept. */
    void box() {
        final boolean infinite = isInfinite();
        set(high & SIGN | (infinite ? BIAS : 0), infinite ? INTEGER_BIT : 0);
    }

    /** Makes a NaN 0, sign kept. */
    void dropNaN() {
        if (isNaN()) {
            set(high & SIGN, 0);
        }
    }
}

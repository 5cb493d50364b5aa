package org.portals4j.engine.atomic;

/**
 * The product of two {@code float complex} as C compilers compute it (C11 annex G, {@code __mulsc3}
 * of libgcc): where both parts come out NaN, infinities are recovered. A register of one result.
 * Numbers are bit patterns. Allocates nothing; not thread safe.
 */
final class FloatProduct {
    private static final int ONE = Float.floatToRawIntBits(1f);
    private static final int INFINITY = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final int SIGN = Integer.MIN_VALUE;

    int real;
    int imaginary;

    private int a;
    private int b;
    private int c;
    private int d;

    /** this = (a + bi) * (c + di). */
    void multiply(final int ra, final int ia, final int rb, final int ib) {
        a = ra;
        b = ia;
        c = rb;
        d = ib;
        product();
        if (Numbers.isNaN(real) && Numbers.isNaN(imaginary) && box()) {
            product();
            real = Numbers.multiply(INFINITY, real);
            imaginary = Numbers.multiply(INFINITY, imaginary);
        }
    }

    private void product() {
        real = Numbers.subtract(Numbers.multiply(a, c), Numbers.multiply(b, d));
        imaginary = Numbers.add(Numbers.multiply(a, d), Numbers.multiply(c, b));
    }

    private boolean box() {
        boolean again = false;
        if (Numbers.isInfinite(a) || Numbers.isInfinite(b)) {
            a = box(a);
            b = box(b);
            c = dropNaN(c);
            d = dropNaN(d);
            again = true;
        }
        if (Numbers.isInfinite(c) || Numbers.isInfinite(d)) {
            c = box(c);
            d = box(d);
            a = dropNaN(a);
            b = dropNaN(b);
            again = true;
        }
        if (!again && overflowed()) {
            a = dropNaN(a);
            b = dropNaN(b);
            c = dropNaN(c);
            d = dropNaN(d);
            again = true;
        }
        return again;
    }

    private boolean overflowed() {
        return Numbers.isInfinite(Numbers.multiply(a, c))
                || Numbers.isInfinite(Numbers.multiply(b, d))
                || Numbers.isInfinite(Numbers.multiply(a, d))
                || Numbers.isInfinite(Numbers.multiply(b, c));
    }

    private static int box(final int bits) {
        return bits & SIGN | (Numbers.isInfinite(bits) ? ONE : 0);
    }

    private static int dropNaN(final int bits) {
        return Numbers.isNaN(bits) ? bits & SIGN : bits;
    }
}

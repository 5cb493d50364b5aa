package org.portals4j.engine.atomic;

/**
 * The product of two {@code long double complex} as C compilers compute it (C11 annex G, {@code
 * __mulxc3} of libgcc): where both parts come out NaN, infinities are recovered. A register of one
 * result. Allocates nothing; not thread safe.
 */
final class ExtendedProduct {
    final Extended real = new Extended();
    final Extended imaginary = new Extended();

    private final Extended infinity =
            new Extended().set(Extended.INFINITY_HIGH, Extended.INTEGER_BIT);
    private final Extended a = new Extended();
    private final Extended b = new Extended();
    private final Extended c = new Extended();
    private final Extended d = new Extended();
    private final Extended ac = new Extended();
    private final Extended bd = new Extended();
    private final Extended ad = new Extended();
    private final Extended bc = new Extended();

    /** this = (a + bi) * (c + di). */
    void multiply(final Extended ra, final Extended ia, final Extended rb, final Extended ib) {
        a.set(ra);
        b.set(ia);
        c.set(rb);
        d.set(ib);
        product();
        if (real.isNaN() && imaginary.isNaN() && box()) {
            product();
            real.multiply(infinity, real);
            imaginary.multiply(infinity, imaginary);
        }
    }

    private void product() {
        ac.multiply(a, c);
        bd.multiply(b, d);
        ad.multiply(a, d);
        bc.multiply(b, c);
        real.subtract(ac, bd);
        imaginary.add(ad, bc);
    }

    private boolean box() {
        boolean again = false;
        if (a.isInfinite() || b.isInfinite()) {
            a.box();
            b.box();
            c.dropNaN();
            d.dropNaN();
            again = true;
        }
        if (c.isInfinite() || d.isInfinite()) {
            c.box();
            d.box();
            a.dropNaN();
            b.dropNaN();
            again = true;
        }
        if (!again && (ac.isInfinite() || bd.isInfinite() || ad.isInfinite() || bc.isInfinite())) {
            a.dropNaN();
            b.dropNaN();
            c.dropNaN();
            d.dropNaN();
            again = true;
        }
        return again;
    }
}

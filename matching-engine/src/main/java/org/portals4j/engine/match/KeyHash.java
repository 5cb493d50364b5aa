package org.portals4j.engine.match;

import java.util.random.RandomGenerator;

/**
 * A keyed hash of (bits, source): two multiply-folds with a secret, about 4 ns. Where somebody
 * finds keys that collide nevertheless, a {@linkplain #reseed() new secret}; after {@value
 * #RESEEDS} of these SipHash-1-3, about 13 ns, for good.
 */
class KeyHash {
    static final int RESEEDS = 3;

    private static final long ODD = 0x9e37_79b9_7f4a_7c15L;

    private final RandomGenerator random;
    private long secret0;
    private long secret1;
    private int reseeds;
    private long v0; // state of SipHash
    private long v1;
    private long v2;
    private long v3;

    KeyHash(final RandomGenerator random) {
        this.random = random;
        draw();
    }

    private void draw() {
        secret0 = random.nextLong();
        secret1 = random.nextLong() | 1;
    }

    /** Hot path. */
    int of(final long bits, final long source) {
        return reseeds > RESEEDS
                ? sipHash(secret0, secret1, bits, source)
                : shorten(fold(fold(bits ^ secret0, ODD) ^ source, secret1));
    }

    /** Draws a new secret; false if there is nothing better to come. */
    final boolean reseed() {
        if (reseeds > RESEEDS) {
            return false;
        }
        reseeds++;
        draw();
        return true;
    }

    private static long fold(final long a, final long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static int shorten(final long h) {
        return (int) (h ^ h >>> 32);
    }

    /** SipHash-1-3 of the 16 bytes of a and b. */
    final int sipHash(final long k0, final long k1, final long a, final long b) {
        v0 = k0 ^ 0x736f_6d65_7073_6575L;
        v1 = k1 ^ 0x646f_7261_6e64_6f6dL;
        v2 = k0 ^ 0x6c79_6765_6e65_7261L;
        v3 = k1 ^ 0x7465_6462_7974_6573L;
        absorb(a);
        absorb(b);
        absorb(16L << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        return shorten(v0 ^ v1 ^ v2 ^ v3);
    }

    private void absorb(final long word) {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}

package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

/**
 * The hash: SipHash by values of another implementation (CPython 3.11), spread of structured keys,
 * its stages.
 */
final class KeyHashTest {
    private static final long[] STRIDES = {
        1, 1021, 1L << 20, 1L << 32, 1L << 40, (1L << 32) + 1, 0x9e37_79b9_7f4a_7c15L
    };
    private static final int KEYS = 1 << 15;

    @Test
    void shouldSpreadStructuredKeys() {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("KeyHashTest seed " + seed);
        final KeyHash hash = new KeyHash(new Random(seed));
        for (int stage = 0; stage < 2; stage++) {
            for (final long stride : STRIDES) {
                assertTrue(fullest(hash, stride, 0) < 16, () -> "bits x " + stride);
                assertTrue(fullest(hash, 0, stride) < 16, () -> "source x " + stride);
            }
            for (int i = 0; i <= KeyHash.RESEEDS; i++) {
                assertEquals(stage == 0, hash.reseed(), "SipHash is the last");
            }
        }
    }

    private static int fullest(final KeyHash hash, final long bits, final long source) {
        final int[] buckets = new int[KEYS];
        int most = 0;
        for (int i = 0; i < KEYS; i++) {
            final int bucket = hash.of(i * bits, i * source) & KEYS - 1;
            most = Math.max(most, ++buckets[bucket]);
        }
        return most;
    }

    @Test
    void shouldBeSipHash() {
        final KeyHash hash = new KeyHash(new Random(1));
        assertEquals(
                0xbad7_dd33, hash.sipHash(0, 0, 0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L));
        assertEquals(0x1d25_9e5b, hash.sipHash(0, 0, 1, 2));
    }

    @Test
    void shouldDrawAnotherSecret() {
        final KeyHash hash = new KeyHash(new Random(1));
        final int before = hash.of(1, 2);
        assertEquals(before, hash.of(1, 2));
        assertTrue(hash.reseed());
        assertTrue(before != hash.of(1, 2));
    }
}

package org.portals4j.engine;

import org.portals4j.Limits;

/**
 * Negotiates limits (section 3.6.1): 0 is the default, anything else is clamped and then enforced
 * exactly. What is not offered yet (triggered operations) is 0 in the result.
 */
final class LimitsNegotiation {
    private static final int DEFAULT_ENTRIES = 16_384;
    private static final int DEFAULT_HEADERS = 4_096;
    private static final int DEFAULT_OBJECTS = 1_024;
    private static final int DEFAULT_PT_INDEX = 255;
    private static final int DEFAULT_IOVECS = 1_024;
    private static final int MAX_OBJECTS = 1 << 24;
    private static final int MAX_PT_INDEX = 65_535;
    private static final long MAX_MESSAGE = 1L << 62;
    private static final long MAX_ORDERED = 512;

    private LimitsNegotiation() {}

    static Limits negotiate(final Limits wish, final int eagerLimit, final int maxAtomic) {
        final long ordered = Math.min(eagerLimit, MAX_ORDERED);
        return Limits.builder()
                .maxEntries(choose(wish.maxEntries(), DEFAULT_ENTRIES, MAX_OBJECTS))
                .maxUnexpectedHeaders(
                        choose(wish.maxUnexpectedHeaders(), DEFAULT_HEADERS, MAX_OBJECTS))
                .maxMds(choose(wish.maxMds(), DEFAULT_OBJECTS, MAX_OBJECTS))
                .maxCts(choose(wish.maxCts(), DEFAULT_OBJECTS, MAX_OBJECTS))
                .maxEqs(choose(wish.maxEqs(), DEFAULT_OBJECTS, MAX_OBJECTS))
                .maxPtIndex(choose(wish.maxPtIndex(), DEFAULT_PT_INDEX, MAX_PT_INDEX))
                .maxIovecs(choose(wish.maxIovecs(), DEFAULT_IOVECS, MAX_OBJECTS))
                .maxListSize(choose(wish.maxListSize(), DEFAULT_ENTRIES, MAX_OBJECTS))
                .maxMsgSize(choose(wish.maxMsgSize(), MAX_MESSAGE, MAX_MESSAGE))
                .maxAtomicSize(choose(wish.maxAtomicSize(), maxAtomic, maxAtomic))
                .maxFetchAtomicSize(choose(wish.maxFetchAtomicSize(), maxAtomic, maxAtomic))
                .maxWawOrderedSize(choose(wish.maxWawOrderedSize(), ordered, ordered))
                .maxWarOrderedSize(choose(wish.maxWarOrderedSize(), ordered, ordered))
                .maxVolatileSize(choose(wish.maxVolatileSize(), ordered, ordered))
                .build();
    }

    private static int choose(final int wish, final int standard, final int most) {
        return (int) choose((long) wish, standard, most);
    }

    private static long choose(final long wish, final long standard, final long most) {
        return wish == 0 ? standard : Math.min(wish, most);
    }
}

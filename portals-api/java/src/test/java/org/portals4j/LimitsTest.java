package org.portals4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void defaultsAreAllZero() {
        assertEquals(new Limits(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), Limits.DEFAULTS);
        assertEquals(Limits.DEFAULTS, Limits.builder().build());
    }

    @Test
    void builderSetsEveryField() {
        final Limits limits =
                Limits.builder()
                        .maxEntries(1)
                        .maxUnexpectedHeaders(2)
                        .maxMds(3)
                        .maxCts(4)
                        .maxEqs(5)
                        .maxPtIndex(6)
                        .maxIovecs(7)
                        .maxListSize(8)
                        .maxTriggeredOps(9)
                        .maxMsgSize(10)
                        .maxAtomicSize(11)
                        .maxFetchAtomicSize(12)
                        .maxWawOrderedSize(13)
                        .maxWarOrderedSize(14)
                        .maxVolatileSize(15)
                        .build();
        assertEquals(new Limits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), limits);
    }

    @Test
    void negativeWishIsRefusedByName() {
        final Limits.Builder builder = Limits.builder();
        final PortalsException e =
                assertThrows(PortalsException.class, () -> builder.maxVolatileSize(-3));
        assertEquals(ReturnCode.ARG_INVALID, e.code());
        assertTrue(e.getMessage().contains("maxVolatileSize=-3"), e::getMessage);
        assertThrows(PortalsException.class, () -> builder.maxMds(-1));
        assertThrows(PortalsException.class, () -> builder.maxPtIndex(Integer.MIN_VALUE));
    }
}

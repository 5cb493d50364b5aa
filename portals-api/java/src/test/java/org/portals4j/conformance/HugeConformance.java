package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.portals4j.EntryOption;
import org.portals4j.EventKind;

import java.lang.foreign.MemorySegment;

/** More than 1 GiB in one message, between mapped files: lengths beyond 30 bits, memory as disk. */
abstract class HugeConformance extends ConformanceTest {
    private static final long LENGTH = (1L << 30) + 1;

    HugeConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Override
    long deadlineNs() {
        return 5 * DEADLINE_NS;
    }

    @Test
    void putOfMoreThanOneGibibyte() {
        final MemorySegment from = source();
        final MemorySegment to = Memory.map(arena, LENGTH);
        link(entry(to, EntryOption.OP_PUT), 1);
        assertEquals(LENGTH, putAcked(bind(from), LENGTH, 0, 0, 2).mlength());
        assertEquals(LENGTH, expect(targetQueue, EventKind.PUT, 1).mlength());
        assertEquals(-1, from.mismatch(to), "first difference");
        assertQuiet();
    }

    @Test
    void getOfMoreThanOneGibibyte() {
        final MemorySegment from = source();
        final MemorySegment to = Memory.map(arena, LENGTH);
        link(entry(from, EntryOption.OP_GET), 1);
        assertEquals(LENGTH, getReplied(bind(to), LENGTH, 0, 0, 2).mlength());
        assertEquals(LENGTH, expect(targetQueue, EventKind.GET, 1).mlength());
        assertEquals(-1, from.mismatch(to), "first difference");
        assertQuiet();
    }

    /** A sparse file with something written at both ends and across some page boundaries. */
    private MemorySegment source() {
        assumeFalse(
                Boolean.getBoolean("portals.conformance.skipHuge"),
                "skipped by portals.conformance.skipHuge: needs 1 GiB in " + Memory.DIRECTORY);
        assertTrue(target.limits().maxMsgSize() >= LENGTH, () -> target.limits().toString());
        final MemorySegment from = Memory.map(arena, LENGTH);
        for (int i = 0; i <= 16; i++) {
            final byte[] data = Memory.pattern(i, 9001);
            Memory.fill(from, (LENGTH - data.length) / 16 * i, data);
        }
        Memory.fill(from, LENGTH - 3, Memory.pattern(99, 3));
        return from;
    }
}

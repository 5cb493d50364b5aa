package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;

import java.lang.foreign.MemorySegment;

/** Entries and their pool. */
final class EntryPoolTest {
    private final EntryPool pool = new EntryPool(1000);

    private Entry entry(final MatchEntry definition) {
        final Entry entry = pool.take();
        assertNotNull(entry);
        entry.define(definition, null, ListKind.PRIORITY, 0, this);
        entry.memory.set(definition.memory());
        return entry;
    }

    @Test
    void shouldNotFindAStaleHandle() {
        final Entry entry = entry(new MatchEntry());
        final long handle = entry.handle();
        assertSame(entry, pool.find(handle));
        pool.give(entry);
        assertNull(pool.find(handle));
        final Entry again = entry(new MatchEntry());
        assertSame(entry, again, "recycled");
        assertNull(pool.find(handle));
        assertNull(pool.find(-1));
        assertNull(pool.find(Long.MAX_VALUE));
    }

    @Test
    void shouldStopAtTheLimit() {
        final EntryPool small = new EntryPool(2);
        final Entry first = small.take();
        assertNotNull(first);
        assertNotNull(small.take());
        assertNull(small.take());
        small.give(first);
        assertSame(first, small.take());
        assertEquals(2, small.inUse());
    }

    @Test
    void shouldCountLengthsWithoutOverflow() {
        final Entry entry =
                entry(new MatchEntry(MemorySegment.ofArray(new byte[10]), EntryOption.NO_TRUNCATE));
        assertTrue(entry.matches(0, Keyed.source(1, 1), 10, 0));
        assertTrue(!entry.matches(0, Keyed.source(1, 1), 11, 0));
        assertTrue(!entry.matches(0, Keyed.source(1, 1), Long.MAX_VALUE, 1));
        assertTrue(!entry.matches(0, Keyed.source(1, 1), 0, -1));
        assertEquals(0, entry.lengthFor(Long.MAX_VALUE, -1));
        assertEquals(0, entry.lengthFor(5, Long.MIN_VALUE));
        assertEquals(4, entry.lengthFor(Long.MAX_VALUE, 6));
    }
}

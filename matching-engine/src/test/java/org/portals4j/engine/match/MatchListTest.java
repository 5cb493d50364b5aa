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
import org.portals4j.ProcessId;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Every match list against a plain model: random appends, removals and matches over a small key
 * space.
 */
final class MatchListTest {
    private static final int[] NIDS = {1, 2, ProcessId.NID_ANY};
    private static final long[] MASKS = {0, 1, 6, -1L};

    private final EntryPool pool = new EntryPool(1000);

    private Entry entry(final MatchEntry definition) {
        final Entry entry = pool.take();
        assertNotNull(entry);
        entry.define(definition, null, ListKind.PRIORITY, 0, this);
        entry.memory.set(definition.memory());
        return entry;
    }

    @Test
    void shouldFindTheFirstThatMatchesInListOrder() {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("MatchListTest seed " + seed);
        final Random random = new Random(seed);
        final MatchList list = new LinearMatchList();
        final List<Entry> entries = new ArrayList<>();
        final List<MatchEntry> definitions = new ArrayList<>();
        for (int step = 0; step < 100_000; step++) {
            final int what = random.nextInt(10);
            if (what < 3 && entries.size() < 50) {
                final MatchEntry definition = draw(random);
                final Entry entry = entry(definition);
                list.append(entry);
                entries.add(entry);
                definitions.add(definition);
            } else if (what < 5 && !entries.isEmpty()) {
                final int at = random.nextInt(entries.size());
                final Entry entry = entries.remove(at);
                definitions.remove(at);
                list.remove(entry);
                pool.give(entry);
            } else {
                final long bits = random.nextInt(8);
                final int nid = NIDS[random.nextInt(2)];
                final int pid = 1 + random.nextInt(2);
                final long rlength = random.nextInt(20);
                final long offset = random.nextInt(20);
                final int expected = model(definitions, bits, nid, pid, rlength, offset);
                final Entry found = list.match(bits, nid, pid, rlength, offset);
                assertSame(expected < 0 ? null : entries.get(expected), found);
            }
            assertEquals(entries.size(), list.size());
        }
    }

    private static MatchEntry draw(final Random random) {
        final MatchEntry definition =
                new MatchEntry(
                        MemorySegment.ofArray(new byte[random.nextInt(20)]),
                        random.nextInt(4) == 0 ? EntryOption.NO_TRUNCATE : EntryOption.OP_PUT);
        return definition
                .matchBits(random.nextInt(8))
                .ignoreBits(MASKS[random.nextInt(MASKS.length)])
                .source(
                        NIDS[random.nextInt(3)],
                        random.nextBoolean() ? ProcessId.PID_ANY : 1 + random.nextInt(2));
    }

    /** The words of the specification. */
    private static int model(
            final List<MatchEntry> list,
            final long bits,
            final int nid,
            final int pid,
            final long rlength,
            final long offset) {
        for (int i = 0; i < list.size(); i++) {
            final MatchEntry e = list.get(i);
            final boolean sameBits = (bits & ~e.ignoreBits()) == (e.matchBits() & ~e.ignoreBits());
            final boolean sameNid = e.sourceNid() == ProcessId.NID_ANY || e.sourceNid() == nid;
            final boolean samePid = e.sourcePid() == ProcessId.PID_ANY || e.sourcePid() == pid;
            final boolean truncated = offset + rlength > e.memory().byteSize();
            if (sameBits
                    && sameNid
                    && samePid
                    && !(e.options().contains(EntryOption.NO_TRUNCATE) && truncated)) {
                return i;
            }
        }
        return -1;
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
        assertTrue(entry.matches(0, 1, 1, 10, 0));
        assertTrue(!entry.matches(0, 1, 1, 11, 0));
        assertTrue(!entry.matches(0, 1, 1, Long.MAX_VALUE, 1));
        assertTrue(!entry.matches(0, 1, 1, 0, -1));
        assertEquals(0, entry.lengthFor(Long.MAX_VALUE, -1));
        assertEquals(0, entry.lengthFor(5, Long.MIN_VALUE));
        assertEquals(4, entry.lengthFor(Long.MAX_VALUE, 6));
    }
}

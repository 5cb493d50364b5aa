package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portals4j.MatchEntry;
import org.portals4j.ProcessId;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What matching costs, counted in steps and in bytes, never in time. */
final class MatchCostTest {
    private static final int SEARCHES = 2000;
    private static final int LONG = 100_000;

    private final EntryPool pool = new EntryPool(200_000);

    private Entry entry(final long bits, final long ignore, final boolean anySource) {
        return EntryCase.of(
                        new MatchEntry()
                                .matchBits(bits)
                                .ignoreBits(ignore)
                                .source(
                                        anySource ? ProcessId.NID_ANY : 1,
                                        anySource ? ProcessId.PID_ANY : 1),
                        pool)
                .entry();
    }

    /** Slots and entries looked at by a search, on average. */
    private double costOfMatches(final int depth, final int masks, final int tags) {
        final IndexedMatchList list = new IndexedMatchList(new Random(depth));
        for (int i = 0; i < depth; i++) {
            final long ignore = (1L << i % masks) - 1;
            list.append(entry((long) (i % tags) << 20, ignore, i % 2 == 1 && masks > 1));
        }
        final Random random = new Random(1);
        final long before = list.counters().probes() + list.counters().steps();
        for (int i = 0; i < SEARCHES; i++) {
            final Entry found =
                    list.match((long) random.nextInt(Math.min(tags, depth)) << 20, 1, 1, 0, 0);
            assertNotNull(found);
            list.remove(found);
            list.append(found);
        }
        return (double) (list.counters().probes() + list.counters().steps() - before) / SEARCHES;
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000", "1, 1", "4, 1000000", "16, 1000000", "16, 10"})
    void shouldLookAtNoMoreEntriesOfALongList(final int masks, final int tags) {
        final double few = costOfMatches(16 * RARE_FREE, masks, tags);
        final double many = costOfMatches(LONG, masks, tags);
        System.out.printf(
                "MatchCostTest %d masks, %d tags: %.2f steps at %d, %.2f at %d%n",
                masks, tags, few, 16 * RARE_FREE, many, LONG);
        final double fuller = masks / 2.0; // tables are between a quarter and half full
        assertTrue(many <= few + 2 + fuller, () -> few + " -> " + many);
    }

    private static final int RARE_FREE = 17; // so that each of 16 masks x 2 sources has its table

    private double costOfAppends(final int depth) {
        final UnexpectedList list = new UnexpectedList(new Random(depth));
        for (int i = 0; i < depth; i++) {
            list.add(new HeaderCase(i, 1, 1, 0, 0).arrival());
        }
        final Entry[] classes = {entry(0, 0, false), entry(0, 0, true), entry(0, -1L, false)};
        for (int i = 0; i < 30; i++) {
            list.firstMatch(entry(depth - 1, 0, i % 2 == 0)); // learnt by now
        }
        assertEquals(2, list.counters().learnt());
        assertNotNull(list.firstMatch(classes[2]));
        final long before = list.counters().probes() + list.counters().steps();
        for (int i = 0; i < SEARCHES; i++) {
            final Arrival found = list.firstMatch(entry(i % depth, 0, i % 2 == 0));
            assertNotNull(found);
            list.remove(found);
            list.add(found);
        }
        return (double) (list.counters().probes() + list.counters().steps() - before) / SEARCHES;
    }

    @Test
    void shouldLookAtNoMoreHeadersOfALongList() {
        final double few = costOfAppends(100);
        final double many = costOfAppends(LONG);
        System.out.printf("MatchCostTest unexpected: %.2f steps, %.2f at %d%n", few, many, LONG);
        assertTrue(many <= few + 2, () -> few + " -> " + many);
    }

    @Test
    void shouldAllocateNothingOnceWarm() {
        final IndexedMatchList list = new IndexedMatchList(new Random(1));
        final UnexpectedList unexpected = new UnexpectedList(new Random(2));
        final List<Entry> entries = new ArrayList<>();
        final List<Arrival> headers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            entries.add(entry((long) i << 8, (1L << i % 8) - 1, i % 7 == 0));
            headers.add(new HeaderCase((long) i << 8, 1, 1, 0, 0).arrival());
        }
        final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            cycle(list, unexpected, entries, headers);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes in 50,000 operations");
        assertTrue(unexpected.counters().learnt() > 0, () -> unexpected.counters().toString());
        assertTrue(list.counters().matches() > 0);
    }

    /** Fills both lists, uses them, and empties them again. */
    private static void cycle(
            final IndexedMatchList list,
            final UnexpectedList unexpected,
            final List<Entry> entries,
            final List<Arrival> headers) {
        for (int i = 0; i < entries.size(); i++) {
            list.append(entries.get(i));
            unexpected.add(headers.get(i));
        }
        for (int i = 0; i < 10_000; i++) {
            final Entry found = list.match((long) (i * 7919 % 2000) << 8, 1, 1, 0, 0);
            if (found != null) {
                list.remove(found);
                list.append(found);
                final Arrival header = unexpected.firstMatch(found);
                if (header != null) {
                    unexpected.remove(header);
                    unexpected.add(header);
                }
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            list.remove(entries.get(i));
            unexpected.remove(headers.get(i));
        }
    }
}

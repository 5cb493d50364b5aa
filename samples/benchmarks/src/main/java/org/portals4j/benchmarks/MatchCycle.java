package org.portals4j.benchmarks;

import org.jspecify.annotations.Nullable;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.ProcessId;
import org.portals4j.engine.match.Entry;
import org.portals4j.engine.match.EntryPool;
import org.portals4j.engine.match.IndexedMatchList;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Match, unlink and append again, by depth: ns of thread CPU time, the least of 5 rounds; one JVM
 * per row.
 *
 * <pre>
 *   MatchCycle [exact|fifo|random|masks|sources] [indexed|linked]
 * </pre>
 */
public final class MatchCycle {
    private static final int[] DEPTHS = {1, 8, 10, 100, 1000, 10_000, 100_000, 1_000_000};
    private static final long ROUND_NS = 30_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final String row;
    private final int depth;
    private final boolean linked;
    private final IndexedMatchList list = new IndexedMatchList(new SplittableRandom(1));
    private final SplittableRandom random = new SplittableRandom(2);
    private @Nullable Node head;
    private @Nullable Node tail;

    private static final class Node {
        final MatchEntry entry;
        @Nullable Node next;

        Node(final MatchEntry entry) {
            this.entry = entry;
        }
    }

    private MatchCycle(final String row, final int depth, final boolean linked) {
        this.row = row;
        this.depth = depth;
        this.linked = linked;
        final EntryPool pool = new EntryPool(depth);
        for (int i = 0; i < depth; i++) {
            final MatchEntry definition = definition(i);
            if (linked) {
                append(new Node(definition));
            } else {
                final Entry entry = pool.take();
                if (entry == null) {
                    throw new IllegalStateException("pool");
                }
                entry.define(definition, null, ListKind.PRIORITY, 0, pool);
                list.append(entry);
            }
        }
    }

    private long bits(final int i) {
        return "fifo".equals(row) ? 7 : (long) i << 20;
    }

    private MatchEntry definition(final int i) {
        final MatchEntry entry = new MatchEntry().matchBits(bits(i)).source(1, 1);
        if ("masks".equals(row)) {
            entry.ignoreBits((1L << i % 16) - 1);
        } else if ("sources".equals(row)) {
            entry.source(
                    (i & 1) == 0 ? 1 : ProcessId.NID_ANY, (i & 2) == 0 ? 1 : ProcessId.PID_ANY);
        }
        return entry;
    }

    private void append(final Node node) {
        node.next = null;
        if (tail == null) {
            head = node;
        } else {
            tail.next = node;
        }
        tail = node;
    }

    private void cycle(final int target) {
        final long bits = bits(target);
        if (!linked) {
            final Entry entry = list.match(bits, 1, 1, 0, 0);
            if (entry == null) {
                throw new IllegalStateException("no match");
            }
            list.remove(entry);
            list.append(entry);
            return;
        }
        Node before = null;
        Node node = head;
        while (node != null && !matches(node.entry, bits)) {
            before = node;
            node = node.next;
        }
        if (node == null) {
            throw new IllegalStateException("no match");
        }
        if (before == null) {
            head = node.next;
        } else {
            before.next = node.next;
        }
        if (node.next == null) {
            tail = before;
        }
        append(node);
    }

    private static boolean matches(final MatchEntry e, final long bits) {
        return ((e.matchBits() ^ bits) & ~e.ignoreBits()) == 0
                && (e.sourceNid() == ProcessId.NID_ANY || e.sourceNid() == 1)
                && (e.sourcePid() == ProcessId.PID_ANY || e.sourcePid() == 1);
    }

    private double round(final long budget) {
        final long start = THREADS.getCurrentThreadCpuTime();
        long cycles = 0;
        long spent;
        int batch = 1;
        do {
            for (int i = 0; i < batch; i++) {
                cycle("exact".equals(row) ? depth - 1 : random.nextInt(depth));
            }
            cycles += batch;
            batch = Math.min(1024, batch * 2);
            spent = THREADS.getCurrentThreadCpuTime() - start;
        } while (spent < budget);
        return (double) spent / cycles;
    }

    /**
     * Prints one row.
     *
     * @param args the row and the list
     */
    public static void main(final String[] args) {
        final boolean linked = args.length > 1 && "linked".equals(args[1]);
        final String row = args.length > 0 ? args[0] : "random";
        final StringBuilder text =
                new StringBuilder("| ").append(row).append(linked ? ", linked |" : " |");
        for (final int depth : DEPTHS) {
            final MatchCycle it = new MatchCycle(row, depth, linked);
            it.round(200_000_000);
            double least = Double.MAX_VALUE;
            for (int i = 0; i < 5; i++) {
                least = Math.min(least, it.round(ROUND_NS));
            }
            text.append(String.format(Locale.ROOT, " %,.0f |", least));
        }
        System.out.println(text);
    }
}

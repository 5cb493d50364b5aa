package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The unexpected headers of a portal in arrival order, with indexes by class of the entries that
 * are appended: {@link IndexedMatchList} turned round. A header is in every index, an append asks
 * one.
 *
 * <pre>
 *   order    head -&gt; [h0] &lt;-&gt; [h1] &lt;-&gt; [h2] &lt;- tail     walked up to 16, and by unknown classes
 *                      |        |        |
 *   learnt   [class]  node     node     node      KeyTable: key -&gt; FIFO of nodes
 *            [class]  node     node     node      at most 16; the least recently used gives way
 *   asking   [class: cost, ...]                   learnt once its walks have cost 4 x size + 64
 * </pre>
 *
 * <p>When the list becomes empty, all classes are forgotten; tables and nodes stay for the next. A
 * header is on the list as soon as it has matched, even while its data is moving. Guarded by the
 * instance's lock.
 */
@SuppressWarnings("ReferenceEquality") // the identity is meant
public final class UnexpectedList {
    static final int SHORT = 16;
    static final int INDEXES = 16;

    private final MatchCounters counters = new MatchCounters();
    private final Supplier<KeyHash> hashes;
    private final @Nullable HeaderIndex[] learnt = new HeaderIndex[INDEXES];
    private final @Nullable HeaderIndex[] asking = new HeaderIndex[INDEXES];
    private int learntCount;
    private int askingCount;
    private @Nullable HeaderNode freeNodes;
    private @Nullable Arrival head;
    private @Nullable Arrival tail;
    private int size;
    private long clock;

    /**
     * Creates an empty list.
     *
     * @param random draws the secrets of the hashes, once there is something to hash
     */
    public UnexpectedList(final RandomGenerator random) {
        this(() -> new KeyHash(random));
    }

    UnexpectedList(final Supplier<KeyHash> hashes) {
        this.hashes = hashes;
    }

    /**
     * What searching has cost.
     *
     * @return counters of this list
     */
    public MatchCounters counters() {
        return counters;
    }

    /**
     * Adds a header at the tail.
     *
     * @param arrival an arrival that is not on a list
     */
    public void add(final Arrival arrival) {
        final Arrival last = tail;
        arrival.previousHeader = last;
        arrival.nextHeader = null;
        if (last == null) {
            head = arrival;
        } else {
            last.nextHeader = arrival;
        }
        tail = arrival;
        arrival.header(true);
        size++;
        for (int i = 0; i < learntCount; i++) {
            final HeaderIndex index = learnt[i];
            if (index != null) {
                enter(index, arrival);
            }
        }
    }

    private void enter(final HeaderIndex index, final Arrival arrival) {
        HeaderNode node = freeNodes;
        if (node == null) {
            node = new HeaderNode();
        } else {
            freeNodes = node.sibling;
        }
        node.arrival = arrival;
        node.index = index;
        node.bits = arrival.matchBits;
        node.source = Keyed.source(arrival.nid, arrival.pid);
        node.sibling = arrival.nodes;
        arrival.nodes = node;
        index.table.add(node);
    }

    /**
     * Removes a header.
     *
     * @param arrival a header of this list
     */
    public void remove(final Arrival arrival) {
        final Arrival before = arrival.previousHeader;
        final Arrival after = arrival.nextHeader;
        if (before == null) {
            head = after;
        } else {
            before.nextHeader = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previousHeader = before;
        }
        arrival.previousHeader = null;
        arrival.nextHeader = null;
        arrival.header(false);
        HeaderNode node = arrival.nodes;
        arrival.nodes = null;
        while (node != null) {
            final HeaderNode sibling = node.sibling;
            final HeaderIndex index = node.index;
            if (index != null) {
                index.table.remove(node);
            }
            node.arrival = null;
            node.index = null;
            node.sibling = freeNodes;
            freeNodes = node;
            node = sibling;
        }
        if (--size == 0) {
            learntCount = 0;
            askingCount = 0;
        }
    }

    /**
     * The earliest header that an entry matches.
     *
     * @param entry the entry that is being appended
     * @return the header or null
     */
    public @Nullable Arrival firstMatch(final Entry entry) {
        counters.matches++;
        if (size <= SHORT) {
            return walk(entry, null);
        }
        final HeaderIndex index = find(learnt, learntCount, entry);
        if (index == null) {
            return walk(entry, ask(entry));
        }
        final Keyed first = index.table.find(entry.bits, entry.source);
        if (first == null) {
            return null;
        }
        Keyed node = first;
        do {
            counters.steps++;
            final Arrival arrival = ((HeaderNode) node).arrival;
            if (arrival != null && matches(entry, arrival)) {
                return arrival;
            }
            node = node.next;
        } while (!node.head);
        return null;
    }

    private static boolean matches(final Entry entry, final Arrival header) {
        return entry.matches(
                header.matchBits,
                Keyed.source(header.nid, header.pid),
                header.rlength,
                header.remoteOffset);
    }

    /** Walks, and learns a class for which too much was walked. */
    private @Nullable Arrival walk(final Entry entry, final @Nullable HeaderIndex asker) {
        long steps = 0;
        Arrival found = null;
        for (Arrival header = head; header != null; header = header.nextHeader) {
            steps++;
            if (matches(entry, header)) {
                found = header;
                break;
            }
        }
        counters.steps += steps;
        if (asker != null) {
            asker.cost += steps;
            if (asker.cost > 4L * size + 64) {
                learn(asker);
            }
        }
        return found;
    }

    private @Nullable HeaderIndex find(
            final @Nullable HeaderIndex[] among, final int count, final Entry entry) {
        for (int i = 0; i < count; i++) {
            final HeaderIndex index = among[i];
            if (index != null && index.isOf(entry)) {
                index.used = ++clock;
                return index;
            }
        }
        return null;
    }

    /** The account of a class that is not learnt; the least recently used gives way. */
    private HeaderIndex ask(final Entry entry) {
        HeaderIndex index = find(asking, askingCount, entry);
        if (index == null) {
            index = askingCount < INDEXES ? slot(asking, askingCount++) : oldest(asking);
            index.care = entry.care();
            index.sourceMask = entry.sourceMask();
            index.cost = 0;
            index.used = ++clock;
        }
        return index;
    }

    private HeaderIndex slot(final @Nullable HeaderIndex[] among, final int at) {
        HeaderIndex index = among[at];
        if (index == null) {
            index = new HeaderIndex(new KeyTable(counters, hashes));
            among[at] = index;
        }
        return index;
    }

    private HeaderIndex oldest(final @Nullable HeaderIndex[] among) {
        HeaderIndex oldest = slot(among, 0);
        for (int i = 1; i < INDEXES; i++) {
            final HeaderIndex other = slot(among, i);
            if (other.used < oldest.used) {
                oldest = other;
            }
        }
        return oldest;
    }

    private void learn(final HeaderIndex asker) {
        counters.learnt++;
        final HeaderIndex index;
        final boolean evicts = learntCount == INDEXES;
        if (evicts) {
            index = oldest(learnt);
        } else {
            index = slot(learnt, learntCount++);
        }
        index.table.reset(asker.care, asker.sourceMask, k -> {});
        index.care = asker.care;
        index.sourceMask = asker.sourceMask;
        index.used = ++clock;
        asker.used = 0;
        asker.cost = 0;
        for (Arrival header = head; header != null; header = header.nextHeader) {
            if (evicts) {
                index.table.add(nodeOf(header, index));
            } else {
                enter(index, header);
            }
        }
    }

    private static HeaderNode nodeOf(final Arrival header, final HeaderIndex index) {
        HeaderNode node = header.nodes;
        while (node != null && node.index != index) {
            node = node.sibling;
        }
        if (node == null) {
            throw new IllegalStateException("header is not in an index");
        }
        return node;
    }

    /**
     * The earliest header.
     *
     * @return the header or null
     */
    public @Nullable Arrival first() {
        return head;
    }

    /** Checks the invariants, for tests. */
    void check() {
        int counted = 0;
        for (Arrival header = head; header != null; header = header.nextHeader) {
            counted++;
            int nodes = 0;
            for (HeaderNode node = header.nodes; node != null; node = node.sibling) {
                nodes++;
                KeyTable.require(node.arrival == header, "node's header", counted);
            }
            KeyTable.require(nodes == learntCount, "in every index", nodes);
        }
        KeyTable.require(counted == size, "size", counted);
        for (int i = 0; i < learntCount; i++) {
            final KeyTable table = slot(learnt, i).table;
            KeyTable.require(table.size() == size, "index size", i);
            table.check();
        }
    }
}

package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A match list whose costs do not grow with its length, only with the number of distinct (ignore
 * bits, source wildcard) pairs in use (tuple space search).
 *
 * <pre>
 *   up to 16 entries    ring:  e0 &lt;-&gt; e1 &lt;-&gt; e2            walked; until the list is empty again
 *
 *   from then on        probed  [class, class, ...]        each live class: one table, one probe;
 *                                  |                       the lowest sequence number wins
 *                                  key -&gt; e3 &lt;-&gt; e7        FIFO per key
 *                       merged  one class for all masks beyond 64: keyed on the bits that all of
 *                               them care for, each candidate verified
 *                       ring:   e1 &lt;-&gt; e5                  entries of classes with less than 8:
 *                                                          "misc", walked
 * </pre>
 *
 * <p>An entry is in one place, its {@link Entry#home}: a class with a table, the merged class, or
 * the ring. A class gets its table with its 8th entry and keeps it until the list is empty. Guarded
 * by the instance's lock.
 */
@SuppressWarnings("ReferenceEquality") // rings are of identities
public final class IndexedMatchList implements MatchList {
    static final int SHORT = 16;
    static final int CLASSES = 64;
    static final int RARE = 8;

    private final MatchCounters counters = new MatchCounters();
    private final Supplier<KeyHash> hashes;
    private final List<MatchClass> classes = new ArrayList<>(); // grows to the most ever in use
    private final MatchClass[] probed = new MatchClass[CLASSES];
    private final long[] cares = new long[CLASSES];
    private final MatchClass merged;
    private int defined;
    private int probedCount;
    private boolean indexed;
    private @Nullable Entry ring;
    private int ringSize;
    private int size;
    private long sequence;

    /**
     * Creates an empty list.
     *
     * @param random draws the secrets of the hashes, once there is something to hash
     */
    public IndexedMatchList(final RandomGenerator random) {
        this(() -> new KeyHash(random));
    }

    IndexedMatchList(final Supplier<KeyHash> hashes) {
        this.hashes = hashes;
        merged = new MatchClass(counters, hashes);
        merged.tabled = true;
    }

    /**
     * What searching has cost.
     *
     * @return counters of this list
     */
    public MatchCounters counters() {
        counters.classes = probedCount;
        counters.misc = indexed ? ringSize : 0;
        counters.merged = merged.live;
        return counters;
    }

    @Override
    public void append(final Entry entry) {
        entry.sequence = sequence++;
        entry.linked(true);
        size++;
        if (indexed) {
            index(entry);
        } else {
            joinRing(entry);
            if (size > SHORT) {
                startIndex();
            }
        }
    }

    private void startIndex() {
        indexed = true;
        Entry entry = ring;
        ring = null;
        ringSize = 0;
        for (int i = 0; i < size && entry != null; i++) {
            final Entry after = (Entry) entry.next;
            entry.leave();
            index(entry);
            entry = after;
        }
    }

    private void index(final Entry entry) {
        final MatchClass home = classOf(entry);
        entry.home = home;
        home.live++;
        if (home.tabled) {
            if (home.live == 1) {
                enrol(home);
            }
            home.add(entry);
        } else {
            joinRing(entry);
            if (home.live >= RARE) {
                promote(home);
            }
        }
    }

    private MatchClass classOf(final Entry entry) {
        final long care = entry.care();
        for (int i = 0; i < defined; i++) {
            if (cares[i] == care && classes.get(i).isOf(entry)) {
                return classes.get(i);
            }
        }
        final int dead;
        if (defined < CLASSES) {
            dead = defined++;
            if (dead == classes.size()) {
                classes.add(new MatchClass(counters, hashes));
            }
        } else {
            dead = deadClass();
        }
        if (dead < 0) {
            widen(entry);
            return merged;
        }
        cares[dead] = care;
        classes.get(dead).define(entry);
        return classes.get(dead);
    }

    private int deadClass() {
        for (int i = 0; i < CLASSES; i++) {
            if (classes.get(i).live == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Keys the merged class on what its entries and this one care for; at most 96 times. */
    private void widen(final Entry entry) {
        final KeyTable table = merged.table;
        final boolean empty = merged.live == 0;
        final long care = empty ? entry.care() : table.care() & entry.care();
        final long mask = empty ? entry.sourceMask() : table.sourceMask() & entry.sourceMask();
        if (care == table.care() && mask == table.sourceMask()) {
            return;
        }
        if (empty) {
            table.reset(care, mask, k -> {});
        } else {
            final List<Entry> entries = new ArrayList<>(merged.live);
            table.reset(care, mask, k -> entries.add((Entry) k));
            entries.sort(Comparator.comparingLong(e -> e.sequence));
            entries.forEach(merged::add);
        }
    }

    /** Moves the entries of a class from the ring into its table. */
    private void promote(final MatchClass home) {
        home.tabled = true;
        enrol(home);
        Entry entry = ring;
        for (int left = home.live; left > 0 && entry != null; ) {
            final Entry after = (Entry) entry.next;
            if (entry.home == home) {
                leaveRing(entry);
                home.add(entry);
                left--;
            }
            entry = after;
        }
    }

    private void enrol(final MatchClass home) {
        if (home != merged) {
            home.place = probedCount;
            probed[probedCount++] = home;
        }
    }

    private void withdraw(final MatchClass home) {
        final MatchClass last = probed[--probedCount];
        probed[home.place] = last;
        last.place = home.place;
        home.place = -1;
    }

    private void joinRing(final Entry entry) {
        final Entry first = ring;
        if (first == null) {
            ring = entry;
        } else {
            entry.join(first);
        }
        ringSize++;
    }

    private void leaveRing(final Entry entry) {
        if (entry == ring) {
            ring = entry.next == entry ? null : (Entry) entry.next;
        }
        entry.leave();
        ringSize--;
    }

    @Override
    public void remove(final Entry entry) {
        entry.linked(false);
        size--;
        final MatchClass home = entry.home;
        entry.home = null;
        if (home == null) {
            leaveRing(entry);
            return;
        }
        if (home.tabled) {
            home.table.remove(entry);
        } else {
            leaveRing(entry);
        }
        home.live--;
        if (home.live == 0 && home.place >= 0) {
            withdraw(home);
        }
        if (size == 0) {
            indexed = false;
            defined = 0;
        }
    }

    @Override
    public @Nullable Entry match(
            final long bits,
            final int nid,
            final int pid,
            final long rlength,
            final long remoteOffset) {
        final long source = Keyed.source(nid, pid);
        counters.matches++;
        Entry best = null;
        long bound = Long.MAX_VALUE;
        for (int i = 0; i < probedCount; i++) {
            final MatchClass c = probed[i];
            if (c.oldest < bound) {
                final Entry found = c.find(bits, source, rlength, remoteOffset, bound, counters);
                if (found != null) {
                    best = found;
                    bound = found.sequence;
                }
            }
        }
        if (merged.live > 0 && merged.oldest < bound) {
            final Entry found = merged.find(bits, source, rlength, remoteOffset, bound, counters);
            if (found != null) {
                best = found;
                bound = found.sequence;
            }
        }
        final Entry found = ring == null ? null : walk(bits, source, rlength, remoteOffset, bound);
        return found == null ? best : found;
    }

    /** The first entry of the ring that matches and is older than a bound. */
    private @Nullable Entry walk(
            final long bits,
            final long source,
            final long rlength,
            final long remoteOffset,
            final long bound) {
        final Entry first = ring;
        Entry entry = first;
        int steps = 0;
        Entry found = null;
        while (entry != null && entry.sequence < bound) {
            steps++;
            if (entry.matches(bits, source, rlength, remoteOffset)) {
                found = entry;
                break;
            }
            entry = entry.next == first ? null : (Entry) entry.next;
        }
        counters.steps += steps;
        return found;
    }

    @Override
    public @Nullable Entry any() {
        if (ring != null) {
            return ring;
        }
        final KeyTable table = probedCount > 0 ? probed[0].table : merged.table;
        return (Entry) table.any();
    }

    @Override
    public int size() {
        return size;
    }

    /** Checks the invariants, for tests. */
    void check() {
        int counted = ringSize + merged.live;
        int rare = 0;
        for (int i = 0; i < defined; i++) {
            final MatchClass c = classes.get(i);
            KeyTable.require(c.table.size() == (c.tabled ? c.live : 0), "class size", i);
            KeyTable.require((c.place >= 0) == (c.tabled && c.live > 0), "probed", i);
            KeyTable.require(c.place < 0 || probed[c.place] == c, "place", i);
            c.table.check();
            counted += c.table.size();
            rare += c.tabled ? 0 : c.live;
        }
        KeyTable.require(merged.table.size() == merged.live, "merged", merged.live);
        merged.table.check();
        KeyTable.require(counted == size, "sum of classes", counted);
        KeyTable.require(!indexed || rare == ringSize, "misc", rare);
        KeyTable.require(indexed || ringSize == size && size <= SHORT, "short", size);
        Entry entry = ring;
        for (int i = 0; i < ringSize && entry != null; i++) {
            final Entry after = (Entry) entry.next;
            KeyTable.require(
                    after == ring || after.sequence > entry.sequence, "order", entry.sequence);
            entry = after;
        }
        KeyTable.require(entry == ring, "ring", ringSize);
    }
}

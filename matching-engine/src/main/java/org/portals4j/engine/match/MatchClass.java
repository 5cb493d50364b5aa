package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/**
 * The entries of a list that care for the same bits and the same parts of the source, and agree on
 * NO_TRUNCATE: in a table of their own, or, while few, in the list's misc ring.
 */
final class MatchClass {
    final KeyTable table;

    /** The class: care mask, source mask, NO_TRUNCATE. */
    long care;

    long sourceMask;
    boolean exactLength;

    /** Whether entries are in the table. */
    boolean tabled;

    /** Entries in the table or the misc ring. */
    int live;

    /** No entry in the table has a lower sequence number. */
    long oldest;

    /** Place among the classes that searches probe, -1 for none. */
    int place = -1;

    MatchClass(final MatchCounters counters, final Supplier<KeyHash> hashes) {
        table = new KeyTable(counters, hashes);
    }

    boolean isOf(final Entry entry) {
        return care == entry.care()
                && sourceMask == entry.sourceMask()
                && exactLength == entry.isExactLength();
    }

    void define(final Entry entry) {
        care = entry.care();
        sourceMask = entry.sourceMask();
        exactLength = entry.isExactLength();
        tabled = false;
        table.reset(care, sourceMask, k -> {});
    }

    /** Adds to the table. */
    void add(final Entry entry) {
        if (table.size() == 0) {
            oldest = entry.sequence;
        }
        table.add(entry);
    }

    /**
     * The first entry of the table that matches and is older than a bound. Only entries that
     * disagree on more than the key are walked over: NO_TRUNCATE, and those of the merged class.
     */
    @Nullable Entry find(
            final long bits,
            final long source,
            final long rlength,
            final long remoteOffset,
            final long bound,
            final MatchCounters counters) {
        final Keyed head = table.find(bits, source);
        if (head == null) {
            return null;
        }
        Entry entry = (Entry) head;
        do {
            if (entry.sequence >= bound) {
                return null;
            }
            counters.steps++;
            if (entry.matches(bits, source, rlength, remoteOffset)) {
                return entry;
            }
            entry = (Entry) entry.next;
        } while (!entry.head);
        return null;
    }
}

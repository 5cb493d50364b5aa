package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The FIFOs of one class of keys: members whose bits and source are equal under the table's masks
 * form a ring in append order; an open-addressing table finds its head.
 *
 * <pre>
 *   slot     0        1        2        3          linear probing from hash &amp; (length - 1)
 *   tags   [ 0      | h(k)   | h(m)   | 0      ]   the whole hash, 0 where the slot is empty
 *   heads  [ -      | head   | head   | -      ]   at most half are used
 *                     |
 *                     k1 &lt;-&gt; k2 &lt;-&gt; k3 &lt;-&gt; k1       only heads are in slots
 * </pre>
 *
 * <p>Removal shifts back what follows, so there are no tombstones. An insertion that probes more
 * than {@value #WATCH} slots draws a new hash. Allocates when it grows, and only then.
 */
@SuppressWarnings("ReferenceEquality") // the identity is meant
final class KeyTable {
    static final int WATCH = 128; // a fair hash needs more with a probability below 1e-10

    private static final int INITIAL = 64;

    private final MatchCounters counters;
    private final Supplier<KeyHash> hashes;
    private long care;
    private long sourceMask;
    private @Nullable KeyHash hash;
    private int[] tags = {0};
    private @Nullable Keyed[] heads = {null};
    private int used;
    private int size;
    private int cursor;

    KeyTable(final MatchCounters counters, final Supplier<KeyHash> hashes) {
        this.counters = counters;
        this.hashes = hashes;
    }

    /** Sets the masks and forgets the members; tells each of them if wished. */
    void reset(final long newCare, final long newSourceMask, final Consumer<Keyed> forgotten) {
        for (int slot = 0; slot < tags.length && used > 0; slot++) {
            final Keyed head = heads[slot];
            if (head != null) {
                tags[slot] = 0;
                heads[slot] = null;
                used--;
                head.head = false;
                while (head.next != head) {
                    final Keyed other = head.next;
                    other.leave();
                    forgotten.accept(other);
                }
                forgotten.accept(head);
            }
        }
        size = 0;
        care = newCare;
        sourceMask = newSourceMask;
    }

    int size() {
        return size;
    }

    long care() {
        return care;
    }

    long sourceMask() {
        return sourceMask;
    }

    private int hashOf(final long bits, final long source) {
        KeyHash h = hash;
        if (h == null) {
            h = hashes.get();
            hash = h;
        }
        final int value = h.of(bits & care, source & sourceMask);
        return value == 0 ? 1 : value;
    }

    private boolean sameKey(final Keyed head, final long bits, final long source) {
        return ((head.bits ^ bits) & care | (head.source ^ source) & sourceMask) == 0;
    }

    /** The head of the FIFO of a key. Hot path. */
    @Nullable Keyed find(final long bits, final long source) {
        final int h = hashOf(bits, source);
        final int[] t = tags;
        final int mask = t.length - 1;
        int slot = h & mask;
        long steps = 1;
        Keyed found = null;
        for (int tag = t[slot]; tag != 0; tag = t[slot]) {
            if (tag == h) {
                final Keyed head = heads[slot];
                if (head != null && sameKey(head, bits, source)) {
                    found = head;
                    break;
                }
            }
            slot = slot + 1 & mask;
            steps++;
        }
        counters.probes += steps;
        return found;
    }

    /** Appends a member to the FIFO of its key. Hot path. */
    void add(final Keyed member) {
        if ((used + 1) * 2 > tags.length) { // an empty slot ends every probe
            rebuild(Math.max(INITIAL, tags.length * 2));
        }
        final int h = hashOf(member.bits, member.source);
        final int mask = tags.length - 1;
        int slot = h & mask;
        int steps = 0;
        size++;
        for (; tags[slot] != 0; slot = slot + 1 & mask, steps++) {
            if (tags[slot] == h) {
                final Keyed head = heads[slot];
                if (head != null && sameKey(head, member.bits, member.source)) {
                    member.join(head);
                    return;
                }
            }
        }
        put(slot, member, h);
        if (steps > WATCH) {
            reseed();
        }
    }

    private void put(final int slot, final Keyed member, final int h) {
        tags[slot] = h;
        heads[slot] = member;
        member.head = true;
        member.hash = h;
        used++;
    }

    private void reseed() {
        final KeyHash h = hash;
        if (h != null && h.reseed()) {
            counters.reseeds++;
            rebuild(tags.length);
        }
    }

    private void rebuild(final int length) {
        final @Nullable Keyed[] old = heads;
        final boolean grown = length != old.length;
        tags = new int[length];
        heads = new @Nullable Keyed[length];
        used = 0;
        for (final Keyed head : old) {
            if (head != null) {
                final int h = grown ? head.hash : hashOf(head.bits, head.source);
                int slot = h & length - 1;
                while (tags[slot] != 0) {
                    slot = slot + 1 & length - 1;
                }
                put(slot, head, h);
            }
        }
    }

    /** Removes a member. Hot path. */
    void remove(final Keyed member) {
        size--;
        if (!member.head) {
            member.leave();
            return;
        }
        int slot = slotOf(member);
        member.head = false;
        final Keyed second = member.next;
        if (second != member) {
            member.leave();
            second.head = true;
            second.hash = member.hash;
            heads[slot] = second;
            return;
        }
        used--;
        final int mask = tags.length - 1;
        for (int from = slot + 1 & mask; tags[from] != 0; from = from + 1 & mask) {
            final int home = tags[from] & mask;
            if ((from - home & mask) >= (from - slot & mask)) {
                tags[slot] = tags[from];
                heads[slot] = heads[from];
                slot = from;
            }
        }
        tags[slot] = 0;
        heads[slot] = null;
    }

    private int slotOf(final Keyed head) {
        final int mask = tags.length - 1;
        int slot = head.hash & mask;
        while (heads[slot] != head) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Some member; draining a table by this costs O(1) each. */
    @Nullable Keyed any() {
        for (int i = used == 0 ? tags.length : 0; i < tags.length; i++) {
            cursor = cursor & tags.length - 1;
            final Keyed head = heads[cursor];
            if (head != null) {
                return head;
            }
            cursor++;
        }
        return null;
    }

    /** Checks the invariants, for tests. */
    void check() {
        final int mask = tags.length - 1;
        int seenHeads = 0;
        int seenMembers = 0;
        for (int slot = 0; slot <= mask; slot++) {
            final Keyed head = heads[slot];
            require((head == null) == (tags[slot] == 0), "tag and head", slot);
            if (head != null) {
                seenHeads++;
                require(head.head && head.hash == tags[slot], "head's hash", slot);
                require(hashOf(head.bits, head.source) == tags[slot], "tag", slot);
                for (int i = tags[slot] & mask; i != slot; i = i + 1 & mask) {
                    require(tags[i] != 0, "reachable", slot);
                }
                Keyed k = head;
                do {
                    seenMembers++;
                    require(sameKey(k, head.bits, head.source), "same key", slot);
                    require(k == head || !k.head, "one head", slot);
                    require(k.next.previous == k, "ring", slot);
                    k = k.next;
                } while (k != head);
            }
        }
        require(seenHeads == used && used * 2 <= tags.length, "heads", used);
        require(seenMembers == size, "members", size);
    }

    static void require(final boolean condition, final String what, final long value) {
        if (!condition) {
            throw new IllegalStateException("broken: " + what + " at " + value);
        }
    }
}

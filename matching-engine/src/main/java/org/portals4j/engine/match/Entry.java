package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;
import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.OptionSet;
import org.portals4j.ProcessId;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.memory.MemoryView;

/**
 * A match entry of the engine: the copy of a {@link MatchEntry} with its place in a list and its
 * event FIFO. Pooled by {@link EntryPool}; a handle is (generation, index).
 *
 * <pre>
 *   list:   ring of a short list, or FIFO of its key in the table of its class     while linked
 *   events: head -&gt; COMM a -&gt; COMM b -&gt; AUTO_UNLINK         in match order, held until a has landed
 * </pre>
 *
 * <p>It goes back to the pool when it is not linked, no data moves, no unexpected header refers to
 * it and its FIFO is empty. Guarded by the instance's lock.
 */
public final class Entry extends Keyed {
    /** Where data goes and comes from. */
    public final MemoryView memory = new MemoryView();

    final int index;
    int generation = 1;

    /** Place in list order. */
    long sequence;

    /** Where its list keeps it, null while the list is short. */
    @Nullable MatchClass home;

    private long options;
    private long careBits;
    private long sourceMask;
    private int uid;
    private long minFree;
    private long userData;
    private ListKind list = ListKind.PRIORITY;
    private @Nullable EngineCountingEvent counter;

    private long localOffset;
    private boolean linked;
    private boolean autoUnlinked;
    private int moving;
    private int headers;
    private @Nullable EntryEvent firstEvent;
    private @Nullable EntryEvent lastEvent;

    private boolean taken;
    private @Nullable Object owner;

    Entry(final int index) {
        this.index = index;
    }

    /**
     * Takes over the definition.
     *
     * @param definition what was appended
     * @param ct its counting event
     * @param listKind the list
     * @param data user_ptr
     * @param portal the portal table entry that it is appended to
     */
    public void define(
            final MatchEntry definition,
            final @Nullable EngineCountingEvent ct,
            final ListKind listKind,
            final long data,
            final Object portal) {
        owner = portal;
        options = definition.options().bits();
        bits = definition.matchBits();
        careBits = ~definition.ignoreBits();
        final int nid = definition.sourceNid();
        final int pid = definition.sourcePid();
        source = source(nid, pid);
        sourceMask = source(nid == ProcessId.NID_ANY ? 0 : -1, pid == ProcessId.PID_ANY ? 0 : -1);
        uid = definition.uid();
        minFree = definition.minFree();
        counter = ct;
        list = listKind;
        userData = data;
        localOffset = 0;
        linked = false;
        autoUnlinked = false;
    }

    void take() {
        taken = true;
    }

    void forget() {
        taken = false;
        owner = null;
        memory.clear();
        counter = null;
        generation++;
    }

    /**
     * The handle of this life of the entry.
     *
     * @return never 0
     */
    public long handle() {
        return (long) generation << 32 | index;
    }

    /**
     * Whether the entry is out of its pool.
     *
     * @return true between take and give
     */
    public boolean isTaken() {
        return taken;
    }

    /**
     * The portal table entry that this entry was appended to; opaque here.
     *
     * @return what {@link #define} was given
     */
    public @Nullable Object owner() {
        return owner;
    }

    /**
     * Whether the entry was appended to a portal table entry.
     *
     * @param portal the portal table entry
     * @return true if it was
     */
    @SuppressWarnings("ReferenceEquality") // the identity is meant
    public boolean isOf(final Object portal) {
        return owner == portal;
    }

    /**
     * Whether an option is set.
     *
     * @param option the option
     * @return true if set
     */
    public boolean has(final EntryOption option) {
        return (options & OptionSet.bit(option)) != 0;
    }

    long care() {
        return careBits;
    }

    /** The parts of {@link Keyed#source} that it cares for. */
    long sourceMask() {
        return sourceMask;
    }

    /** Whether matching depends on the length, too. */
    boolean isExactLength() {
        return has(EntryOption.NO_TRUNCATE);
    }

    /**
     * The match test of the specification, without permissions (section 3.12.1). Hot path.
     *
     * @param requestBits match bits of the request
     * @param requestSource initiator, as {@link Keyed#source} has it
     * @param rlength requested length
     * @param remoteOffset requested offset
     * @return true if the request matches
     */
    boolean matches(
            final long requestBits,
            final long requestSource,
            final long rlength,
            final long remoteOffset) {
        return ((requestBits ^ bits) & careBits | (requestSource ^ source) & sourceMask) == 0
                && !(isExactLength() && truncates(rlength, offsetFor(remoteOffset)));
    }

    private boolean truncates(final long rlength, final long offset) {
        final long length = memory.length();
        return Long.compareUnsigned(offset, length) > 0 || rlength > length - offset;
    }

    /**
     * Where a request's data goes.
     *
     * @param remoteOffset the offset it asks for
     * @return the local offset of a locally managed entry, otherwise what it asks for
     */
    public long offsetFor(final long remoteOffset) {
        return has(EntryOption.MANAGE_LOCAL) ? localOffset : remoteOffset;
    }

    /**
     * How many bytes a request can move.
     *
     * @param rlength requested length
     * @param offset of {@link #offsetFor}
     * @return bytes, 0 beyond the end
     */
    public long lengthFor(final long rlength, final long offset) {
        final long length = memory.length();
        return Long.compareUnsigned(offset, length) > 0 ? 0 : Math.min(rlength, length - offset);
    }

    /**
     * Consumes the match: moves the local offset.
     *
     * @param mlength bytes matched
     * @return true if the entry must unlink itself now
     */
    public boolean consume(final long mlength) {
        if (has(EntryOption.MANAGE_LOCAL)) {
            localOffset += mlength;
            if (minFree > 0 && memory.length() - localOffset < minFree) {
                return true;
            }
        }
        return has(EntryOption.USE_ONCE);
    }

    /**
     * Whether the user id is permitted.
     *
     * @param userId of the initiator
     * @return true if so
     */
    public boolean permits(final int userId) {
        return uid == MatchEntry.UID_ANY || uid == userId;
    }

    /**
     * user_ptr.
     *
     * @return the value given to append
     */
    public long userData() {
        return userData;
    }

    /**
     * The list that the entry was appended to.
     *
     * @return the list
     */
    public ListKind list() {
        return list;
    }

    /**
     * The counting event.
     *
     * @return the counting event or null
     */
    public @Nullable EngineCountingEvent counter() {
        return counter;
    }

    /**
     * Whether the entry is on its list.
     *
     * @return true while linked
     */
    public boolean isLinked() {
        return linked;
    }

    void linked(final boolean value) {
        linked = value;
    }

    /**
     * Whether the entry unlinked itself.
     *
     * @return true after that
     */
    public boolean isAutoUnlinked() {
        return autoUnlinked;
    }

    /** Notes that the entry unlinked itself. */
    public void autoUnlinked() {
        autoUnlinked = true;
    }

    /**
     * Counts operations that move data of this entry.
     *
     * @param delta 1 or -1
     */
    public void moving(final int delta) {
        moving += delta;
    }

    /**
     * Counts unexpected headers, and claims of them, that refer to this entry.
     *
     * @param delta 1 or -1
     */
    public void headers(final int delta) {
        headers += delta;
    }

    /**
     * Whether unexpected headers refer to this entry.
     *
     * @return true if there are
     */
    public boolean hasHeaders() {
        return headers != 0;
    }

    /**
     * Whether data moves, a header refers to the entry or an event is held.
     *
     * @return true if it cannot be unlinked or recycled
     */
    public boolean isBusy() {
        return moving != 0 || headers != 0 || firstEvent != null;
    }

    /**
     * The first event held.
     *
     * @return the event, or null if none is
     */
    public @Nullable EntryEvent firstEvent() {
        return firstEvent;
    }

    /**
     * Holds an event behind the others.
     *
     * @param event the event
     */
    public void hold(final EntryEvent event) {
        event.next = null;
        final EntryEvent last = lastEvent;
        if (last == null) {
            firstEvent = event;
        } else {
            last.next = event;
        }
        lastEvent = event;
    }

    /** Removes the first event held. */
    public void popEvent() {
        final EntryEvent first = firstEvent;
        if (first != null) {
            firstEvent = first.next;
            if (firstEvent == null) {
                lastEvent = null;
            }
            first.next = null;
        }
    }
}

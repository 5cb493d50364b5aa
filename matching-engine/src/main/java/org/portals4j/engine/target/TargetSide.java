package org.portals4j.engine.target;

import org.jspecify.annotations.Nullable;
import org.portals4j.EntryOption;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.Limits;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalOption;
import org.portals4j.PortalTableEntry;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.StatusRegister;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.match.Entry;
import org.portals4j.engine.match.EntryEvent;
import org.portals4j.engine.match.EntryPool;
import org.portals4j.engine.match.MatchCounters;
import org.portals4j.engine.match.MatchList;
import org.portals4j.engine.progress.Progress;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The target side of one interface: the way of a request from its arrival to its events (the
 * stations of section 3.12 of the specification).
 *
 * <pre>
 *   admit     portal? enabled? first match, priority then overflow? permitted? header free?
 *   place     eager: one copy from the frame; large: grant, then a copy from each Data frame
 *   landed    events that this releases, counters, then the response
 *   settle    AUTO_FREE, back to the pool
 * </pre>
 *
 * <p>Guarded by the instance's lock.
 */
public final class TargetSide {
    private final Target target;
    private final Progress progress;
    private final Object owner;
    private final Limits limits;
    private final @Nullable Thread background;
    private final TargetEvents events = new TargetEvents();
    private final RandomGenerator random;
    private final @Nullable Portal[] table;
    private final EntryPool entries;
    private final long[] registers = new long[StatusRegister.values().length];
    private int headers;

    /**
     * Creates an empty portal table.
     *
     * @param target shared by all interfaces
     * @param progress of the instance
     * @param owner identity of the interface
     * @param limits of the interface
     * @param background the thread that makes progress, null for the caller's
     * @param random of the instance
     */
    public TargetSide(
            final Target target,
            final Progress progress,
            final Object owner,
            final Limits limits,
            final @Nullable Thread background,
            final RandomGenerator random) {
        this.target = target;
        this.random = random;
        this.progress = progress;
        this.owner = owner;
        this.limits = limits;
        this.background = background;
        table = new Portal[limits.maxPtIndex() + 1];
        entries = new EntryPool(limits.maxEntries());
    }

    /**
     * A status register.
     *
     * @param register which
     * @return its count
     */
    public long status(final StatusRegister register) {
        return registers[register.ordinal()];
    }

    /**
     * Adds up what the lists of all portals count.
     *
     * @param sum gets the counts
     */
    public void addCounters(final MatchCounters sum) {
        for (final Portal portal : table) {
            if (portal != null) {
                portal.addCounters(sum);
            }
        }
    }

    /**
     * PtlPTAlloc.
     *
     * @param options of the portal
     * @param queue of its events
     * @param wish index or -1
     * @return the portal
     */
    public PortalTableEntry allocate(
            final OptionSet<PortalOption> options,
            final @Nullable EventQueue queue,
            final int wish) {
        final EngineEventQueue eq = ownQueue(queue);
        if (wish < -1 || wish > limits.maxPtIndex()) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "portal index=" + wish + ", max_pt_index=" + limits.maxPtIndex());
        }
        final int index = wish >= 0 ? wish : freeIndex();
        if (table[index] != null) {
            throw new PortalsException(
                    ReturnCode.PT_IN_USE, "portal index=" + index + " is allocated");
        }
        final Portal portal =
                new Portal(
                        this,
                        progress,
                        index,
                        eq,
                        !options.contains(PortalOption.ALLOC_DISABLED),
                        random);
        table[index] = portal;
        return portal;
    }

    private int freeIndex() {
        for (int i = 0; i < table.length; i++) {
            if (table[i] == null) {
                return i;
            }
        }
        throw new PortalsException(
                ReturnCode.PT_FULL, "all " + table.length + " portal table entries are allocated");
    }

    private @Nullable EngineEventQueue ownQueue(final @Nullable EventQueue queue) {
        if (queue == null) {
            return null;
        }
        if (queue instanceof final EngineEventQueue eq && eq.isOf(owner) && !eq.isClosed()) {
            return eq;
        }
        throw new PortalsException(
                ReturnCode.ARG_INVALID, "event queue is freed or of another interface");
    }

    long append(
            final Portal portal,
            final MatchEntry definition,
            final ListKind list,
            final long userData) {
        final EngineCountingEvent counter = ownCounter(definition);
        final MatchList matchList = portal.list(list);
        final Entry entry = entries.take();
        if (entry == null) {
            throw new PortalsException(
                    ReturnCode.NO_SPACE, "max_entries=" + limits.maxEntries() + " are in use");
        }
        try {
            entry.define(definition, counter, list, userData, portal);
            setMemory(entry, definition);
            if (matchList.size() >= limits.maxListSize() && !isSatisfied(portal, entry)) {
                throw new PortalsException(
                        ReturnCode.NO_SPACE,
                        list
                                + " list of portal "
                                + portal.index()
                                + " has "
                                + matchList.size()
                                + " entries");
            }
        } catch (final RuntimeException e) {
            entries.give(entry);
            throw e;
        }
        final long handle = entry.handle();
        if (list == ListKind.PRIORITY && claimHeaders(portal, entry)) {
            entry.autoUnlinked();
            events.hold(entry, EntryEvent.Type.AUTO_UNLINK, null);
        } else {
            matchList.append(entry);
            events.hold(entry, EntryEvent.Type.LINK, null);
        }
        drain(portal, entry);
        return handle;
    }

    private void setMemory(final Entry entry, final MatchEntry definition) {
        final List<MemorySegment> iovec = definition.iovec();
        if (iovec == null) {
            entry.memory.set(definition.memory());
        } else {
            entry.memory.set(iovec);
        }
        final Thread thread = background == null ? Thread.currentThread() : background;
        final String fault = fault(entry, iovec, thread);
        if (fault != null) {
            throw new PortalsException(ReturnCode.ARG_INVALID, fault);
        }
    }

    private @Nullable String fault(
            final Entry entry, final @Nullable List<MemorySegment> iovec, final Thread thread) {
        if (iovec != null && iovec.size() > limits.maxIovecs()) {
            return "entry has " + iovec.size() + " segments, max_iovecs=" + limits.maxIovecs();
        }
        if (!entry.memory.isAlive()) {
            return "entry memory is closed";
        }
        if (!entry.memory.isAccessibleBy(thread)) {
            return "entry memory is confined to a thread that does not make progress";
        }
        return entry.has(EntryOption.OP_PUT) && entry.memory.isReadOnly()
                ? "entry permits puts into read-only memory"
                : null;
    }

    private @Nullable EngineCountingEvent ownCounter(final MatchEntry definition) {
        if (definition.counter() == null) {
            return null;
        }
        if (definition.counter() instanceof final EngineCountingEvent ct
                && ct.isOf(owner)
                && !ct.isClosed()) {
            return ct;
        }
        throw new PortalsException(
                ReturnCode.ARG_INVALID, "counting event is freed or of another interface");
    }

    /** Whether an entry will be used up by an unexpected header, so that it needs no place. */
    private static boolean isSatisfied(final Portal portal, final Entry entry) {
        return entry.list() == ListKind.PRIORITY
                && entry.has(EntryOption.USE_ONCE)
                && portal.unexpected.firstMatch(entry) != null;
    }

    /** Takes unexpected headers; true if the entry is used up by the first and is not linked. */
    private boolean claimHeaders(final Portal portal, final Entry entry) {
        for (Arrival header = portal.unexpected.firstMatch(entry);
                header != null;
                header = portal.unexpected.firstMatch(entry)) {
            portal.unexpected.remove(header);
            headers--;
            header.claimer = entry;
            events.hold(entry, EntryEvent.Type.CLAIM, header);
            if (entry.has(EntryOption.USE_ONCE)) {
                return true;
            }
        }
        return false;
    }

    ReturnCode unlink(final Portal portal, final long handle) {
        final Entry entry = entries.find(handle);
        if (entry == null || !entry.isOf(portal) || !entry.isLinked()) {
            return ReturnCode.ARG_INVALID;
        }
        if (entry.isBusy()) {
            return ReturnCode.IN_USE;
        }
        portal.list(entry.list()).remove(entry);
        entries.give(entry);
        return ReturnCode.OK;
    }

    /** Frees what a portal holds; nothing of it is moving, or it is being aborted. */
    void release(final Portal portal) {
        for (Arrival header = portal.unexpected.first();
                header != null;
                header = portal.unexpected.first()) {
            portal.unexpected.remove(header);
            headers--;
            dropHeader(portal, header);
        }
        for (final ListKind kind : ListKind.values()) {
            final MatchList list = portal.list(kind);
            for (Entry entry = list.any(); entry != null; entry = list.any()) {
                list.remove(entry);
                settle(portal, entry);
            }
        }
        table[portal.index()] = null;
    }

    private void dropHeader(final Portal portal, final Arrival header) {
        final Entry entry = header.entry;
        if (entry != null) {
            entry.headers(-1);
            settle(portal, entry);
        }
        target.release(header);
    }

    /**
     * A request has arrived. Hot path.
     *
     * @param arrival with the fields of the request
     * @param address of the payload, 0 for a get or a large put
     */
    public void onRequest(final Arrival arrival, final long address) {
        final NiFail fail = admit(arrival);
        final Entry entry = arrival.entry;
        if (fail != NiFail.OK || entry == null) {
            arrival.niFail = fail;
            arrival.mlength = 0;
            arrival.placeOffset = arrival.remoteOffset;
            if (arrival.answered) {
                target.responses().refuse(arrival);
            }
            target.release(arrival);
            return;
        }
        final Portal portal = portalOf(entry);
        final boolean eager =
                arrival.kind != EventKind.GET && (address != 0 || arrival.mlength == 0);
        if (eager && entry.firstEvent() == null) {
            putNow(portal, entry, arrival, address);
            return;
        }
        hold(portal, entry, arrival);
        if (eager) {
            final boolean stored = execute(arrival, address);
            landed(arrival, stored ? NiFail.OK : NiFail.SEGV, true);
        } else if (arrival.kind == EventKind.GET) {
            target.responses().reply(this, arrival);
        } else {
            target.beginTransfer(arrival);
            target.responses().grant(arrival);
        }
    }

    /** The common case, of one step: the data is here and nothing is held before its events. */
    private void putNow(
            final Portal portal, final Entry entry, final Arrival arrival, final long address) {
        arrival.niFail = execute(arrival, address) ? NiFail.OK : NiFail.SEGV;
        arrival.landed();
        TargetEvents.postCommunication(portal, entry, arrival);
        arrival.posted();
        TargetEvents.count(entry, EntryOption.EVENT_CT_COMM, arrival.niFail, arrival.mlength);
        if (arrival.answered) {
            target.atomics().answer(target.responses(), arrival, entry);
        }
        if (entry.isAutoUnlinked()) {
            TargetEvents.postListEvent(
                    portal, entry, EventKind.AUTO_UNLINK, EntryOption.EVENT_UNLINK_DISABLE);
            settle(portal, entry);
        }
        target.release(arrival);
    }

    /** Holds the arrival's events behind those of the arrivals before it. */
    private void hold(final Portal portal, final Entry entry, final Arrival arrival) {
        entry.moving(1);
        portal.unposted++;
        arrival.retain();
        events.hold(entry, EntryEvent.Type.COMM, arrival);
        if (entry.isAutoUnlinked()) {
            events.hold(entry, EntryEvent.Type.AUTO_UNLINK, null);
        }
    }

    private NiFail admit(final Arrival arrival) {
        final int index = arrival.portalIndex;
        final Portal portal = index >= 0 && index < table.length ? table[index] : null;
        if (portal == null) {
            return refuse(NiFail.DROPPED, StatusRegister.DROP_COUNT);
        }
        if (!portal.enabled) {
            return refuse(NiFail.PT_DISABLED, StatusRegister.DROP_COUNT);
        }
        Entry entry = match(portal.priority, arrival);
        if (entry == null) {
            entry = match(portal.overflow, arrival);
        }
        if (entry == null) {
            return refuse(NiFail.DROPPED, StatusRegister.DROP_COUNT);
        }
        if (!entry.permits(arrival.uid)) {
            return refuse(NiFail.PERM_VIOLATION, StatusRegister.PERMISSION_VIOLATIONS);
        }
        if (!AtomicRequests.permits(entry, arrival.kind)) {
            return refuse(NiFail.OP_VIOLATION, StatusRegister.OPERATION_VIOLATIONS);
        }
        final boolean header =
                entry.list() == ListKind.OVERFLOW && !entry.has(EntryOption.UNEXPECTED_HDR_DISABLE);
        if (header && headers >= limits.maxUnexpectedHeaders()) {
            return refuse(NiFail.DROPPED, StatusRegister.DROP_COUNT);
        }
        bind(portal, entry, arrival, header);
        return NiFail.OK;
    }

    private NiFail refuse(final NiFail fail, final StatusRegister register) {
        registers[register.ordinal()]++;
        return fail;
    }

    private static @Nullable Entry match(final MatchList list, final Arrival a) {
        return list.match(a.matchBits, a.nid, a.pid, a.rlength, a.remoteOffset);
    }

    private void bind(
            final Portal portal, final Entry entry, final Arrival arrival, final boolean header) {
        final long offset = entry.offsetFor(arrival.remoteOffset);
        arrival.entry = entry;
        arrival.placeOffset = offset;
        arrival.mlength =
                Math.min(
                        entry.lengthFor(arrival.rlength, offset),
                        AtomicRequests.most(arrival.kind, limits));
        if (header) {
            portal.unexpected.add(arrival);
            arrival.retain();
            entry.headers(1);
            headers++;
        }
        if (entry.consume(arrival.mlength)) {
            portal.list(entry.list()).remove(entry);
            entry.autoUnlinked();
        }
    }

    private boolean execute(final Arrival arrival, final long address) {
        return arrival.kind == EventKind.PUT
                ? place(arrival, 0, arrival.mlength, address)
                : target.atomics().apply(arrival, address);
    }

    boolean place(final Arrival arrival, final long offset, final long length, final long address) {
        final Entry entry = arrival.entry;
        return entry != null && entry.memory.copyIn(arrival.placeOffset + offset, length, address);
    }

    /**
     * An arrival's data has landed, or has been read, or will not be: its events, counts and
     * response.
     *
     * @param arrival the arrival; its reference for moving data is dropped
     * @param niFail how it ended
     * @param respond false where the peer is gone, or gets its answer otherwise
     */
    void landed(final Arrival arrival, final NiFail niFail, final boolean respond) {
        final Entry entry = arrival.entry;
        if (entry == null || arrival.isLanded()) {
            return;
        }
        target.rest(arrival);
        arrival.niFail = niFail;
        arrival.landed();
        final Portal portal = portalOf(entry);
        postReady(portal, entry);
        TargetEvents.count(entry, EntryOption.EVENT_CT_COMM, niFail, arrival.mlength);
        if (respond && arrival.answered) {
            target.atomics().answer(target.responses(), arrival, entry);
        }
        entry.moving(-1);
        settle(portal, entry);
        target.release(arrival);
    }

    private void drain(final Portal portal, final Entry entry) {
        postReady(portal, entry);
        settle(portal, entry);
    }

    private void postReady(final Portal portal, final Entry entry) {
        for (EntryEvent event = entry.firstEvent();
                event != null && event.isReady();
                event = entry.firstEvent()) {
            entry.popEvent();
            post(portal, entry, event);
            events.recycle(event);
        }
    }

    private void post(final Portal portal, final Entry entry, final EntryEvent event) {
        final Arrival arrival = event.arrival();
        switch (event.type()) {
            case LINK ->
                    TargetEvents.postListEvent(
                            portal, entry, EventKind.LINK, EntryOption.EVENT_LINK_DISABLE);
            case AUTO_UNLINK ->
                    TargetEvents.postListEvent(
                            portal, entry, EventKind.AUTO_UNLINK, EntryOption.EVENT_UNLINK_DISABLE);
            case COMM -> {
                if (arrival != null) {
                    posted(portal, entry, arrival);
                }
            }
            case CLAIM -> {
                if (arrival != null) {
                    TargetEvents.postOverflow(portal, entry, arrival);
                    TargetEvents.count(
                            entry, EntryOption.EVENT_CT_OVERFLOW, arrival.niFail, arrival.mlength);
                    dropHeader(portal, arrival);
                }
            }
        }
    }

    private void posted(final Portal portal, final Entry entry, final Arrival arrival) {
        TargetEvents.postCommunication(portal, entry, arrival);
        arrival.posted();
        portal.unposted--;
        final Entry claimer = arrival.claimer;
        if (claimer != null) {
            drain(portal, claimer);
        }
        target.release(arrival);
    }

    /** Recycles an entry that is off its list and idle; AUTO_FREE tells so on the overflow list. */
    private void settle(final Portal portal, final Entry entry) {
        if (!entry.isTaken() || entry.isLinked() || entry.isBusy()) {
            return;
        }
        if (entry.isAutoUnlinked() && entry.list() == ListKind.OVERFLOW) {
            TargetEvents.postListEvent(
                    portal, entry, EventKind.AUTO_FREE, EntryOption.EVENT_UNLINK_DISABLE);
        }
        entries.give(entry);
    }

    /** Ends the interface's target side: what moves ends UNDELIVERABLE, portals are freed. */
    public void close() {
        target.abort(null, this);
        for (final Portal portal : table) {
            if (portal != null) {
                portal.release();
            }
        }
    }

    /**
     * Whether data of this interface is moving.
     *
     * @return true if any
     */
    public boolean isMoving() {
        return target.isMoving(this);
    }

    private static Portal portalOf(final Entry entry) {
        if (entry.owner() instanceof final Portal portal) {
            return portal;
        }
        throw new IllegalStateException("entry without portal");
    }

    static TargetSide of(final Arrival arrival) {
        final Entry entry = arrival.entry;
        if (entry == null) {
            throw new IllegalStateException("arrival without entry");
        }
        return portalOf(entry).side();
    }
}

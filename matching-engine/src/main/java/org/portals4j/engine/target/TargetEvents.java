package org.portals4j.engine.target;

import org.jspecify.annotations.Nullable;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.NiFail;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.match.Entry;
import org.portals4j.engine.match.EntryEvent;

import java.util.ArrayList;
import java.util.List;

/**
 * Posts the events of entries in the order that the specification promises (section 3.13): per
 * entry in match order, an event held until those before it are posted. Counters are not held.
 * Guarded by the instance's lock.
 */
final class TargetEvents {
    private final List<EntryEvent> pool = new ArrayList<>();

    TargetEvents() {}

    /** Holds an event of an entry behind those held already; {@link TargetSide} drains. */
    void hold(final Entry entry, final EntryEvent.Type type, final @Nullable Arrival arrival) {
        final EntryEvent event = pool.isEmpty() ? new EntryEvent() : pool.removeLast();
        entry.hold(event.set(type, arrival));
    }

    /** Gives a posted event back. */
    void recycle(final EntryEvent event) {
        event.set(EntryEvent.Type.LINK, null);
        pool.add(event);
    }

    /** PUT, GET, ATOMIC or FETCH_ATOMIC. */
    static void postCommunication(final Portal portal, final Entry entry, final Arrival arrival) {
        final EngineEventQueue queue = portal.queue;
        if (queue != null
                && !entry.has(EntryOption.EVENT_COMM_DISABLE)
                && !(arrival.niFail == NiFail.OK && entry.has(EntryOption.EVENT_SUCCESS_DISABLE))) {
            fill(queue.claim(), arrival.kind, arrival, entry, entry.userData(), entry.list());
            queue.publish();
        }
    }

    /** An _OVERFLOW event: the entry has claimed the header of the arrival. */
    static void postOverflow(final Portal portal, final Entry claimer, final Arrival arrival) {
        final EngineEventQueue queue = portal.queue;
        final Entry overflow = arrival.entry;
        if (queue != null
                && overflow != null
                && !claimer.has(EntryOption.EVENT_OVER_DISABLE)
                && !(arrival.niFail == NiFail.OK
                        && claimer.has(EntryOption.EVENT_SUCCESS_DISABLE))) {
            final EventKind kind = AtomicRequests.overflowOf(arrival.kind);
            fill(queue.claim(), kind, arrival, overflow, claimer.userData(), ListKind.OVERFLOW);
            queue.publish();
        }
    }

    private static void fill(
            final Event event,
            final EventKind kind,
            final Arrival arrival,
            final Entry entry,
            final long userData,
            final ListKind list) {
        event.kind(kind)
                .niFail(arrival.niFail)
                .list(list)
                .portalIndex(arrival.portalIndex)
                .matchBits(arrival.matchBits)
                .rlength(arrival.rlength)
                .mlength(arrival.mlength)
                .remoteOffset(arrival.remoteOffset)
                .userData(userData)
                .headerData(arrival.headerData)
                .atomicOperation(arrival.atomicOperation)
                .datatype(arrival.datatype)
                .initiatorNid(arrival.nid)
                .initiatorPid(arrival.pid)
                .uid(arrival.uid)
                .memory(entry.memory.segmentAt(arrival.placeOffset))
                .startOffset(entry.memory.offsetAt(arrival.placeOffset));
    }

    /** LINK, AUTO_UNLINK or AUTO_FREE, unless an option says no. */
    static void postListEvent(
            final Portal portal,
            final Entry entry,
            final EventKind kind,
            final EntryOption disabledBy) {
        final EngineEventQueue queue = portal.queue;
        if (queue != null && !portal.isFreed() && !entry.has(disabledBy)) {
            queue.claim()
                    .kind(kind)
                    .niFail(NiFail.OK)
                    .list(entry.list())
                    .portalIndex(portal.index())
                    .userData(entry.userData())
                    .memory(null);
            queue.publish();
        }
    }

    /** Counts a communication or overflow event on the entry's counter. */
    static void count(
            final Entry entry, final EntryOption option, final NiFail niFail, final long mlength) {
        final EngineCountingEvent counter = entry.counter();
        if (counter != null && entry.has(option)) {
            if (niFail != NiFail.OK) {
                counter.addFailure();
            } else {
                counter.addSuccess(entry.has(EntryOption.EVENT_CT_BYTES) ? mlength : 1);
            }
        }
    }
}

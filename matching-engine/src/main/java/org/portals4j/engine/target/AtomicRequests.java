package org.portals4j.engine.target;

import org.portals4j.EntryOption;
import org.portals4j.EventKind;
import org.portals4j.Limits;
import org.portals4j.engine.atomic.AtomicUnit;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.match.Entry;

/**
 * What the target does otherwise for atomic requests than for puts and gets. Their data comes with
 * the request, so that they are placed like eager puts. Guarded by the instance's lock.
 */
final class AtomicRequests {
    private final AtomicUnit unit;

    AtomicRequests(final int maxBytes) {
        unit = new AtomicUnit(maxBytes);
    }

    /** Whether an entry permits an operation. */
    static boolean permits(final Entry entry, final EventKind kind) {
        return switch (kind) {
            case GET -> entry.has(EntryOption.OP_GET);
            case FETCH_ATOMIC -> entry.has(EntryOption.OP_GET) && entry.has(EntryOption.OP_PUT);
            default -> entry.has(EntryOption.OP_PUT);
        };
    }

    /** The overflow event of a communication event. */
    static EventKind overflowOf(final EventKind kind) {
        return switch (kind) {
            case GET -> EventKind.GET_OVERFLOW;
            case ATOMIC -> EventKind.ATOMIC_OVERFLOW;
            case FETCH_ATOMIC -> EventKind.FETCH_ATOMIC_OVERFLOW;
            default -> EventKind.PUT_OVERFLOW;
        };
    }

    /** Whether a request of a kind is answered by an acknowledgement, not by a reply. */
    static boolean isAcknowledged(final EventKind kind) {
        return kind == EventKind.PUT || kind == EventKind.ATOMIC;
    }

    /** The most that a request may move, by the limits of its kind. */
    static long most(final EventKind kind, final Limits limits) {
        return switch (kind) {
            case ATOMIC -> limits.maxAtomicSize();
            case FETCH_ATOMIC -> limits.maxFetchAtomicSize();
            default -> Long.MAX_VALUE;
        };
    }

    /** Changes the entry's memory; false if it is gone. Hot path. */
    boolean apply(final Arrival arrival, final long address) {
        final Entry entry = arrival.entry;
        return entry != null
                && unit.apply(
                        arrival.atomicOperation,
                        arrival.datatype,
                        entry.memory,
                        arrival.placeOffset,
                        arrival.mlength,
                        address);
    }

    /** Answers a request whose data has landed. */
    void answer(final Responses responses, final Arrival arrival, final Entry entry) {
        if (isAcknowledged(arrival.kind)) {
            responses.acknowledge(arrival, entry.has(EntryOption.ACK_DISABLE));
        } else if (arrival.kind == EventKind.FETCH_ATOMIC) {
            responses.replyFound(arrival, unit.found());
        }
    }
}

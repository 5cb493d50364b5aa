package org.portals4j.engine.target;

import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.portals4j.NiFail;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.transfer.DataFrames;

import java.util.ArrayList;
import java.util.List;

/**
 * What the target sides of all interfaces of an instance share: pools, the arrivals whose data is
 * moving, and the responses.
 *
 * <pre>
 *   moving       [ a0 | a1 | a2 ]             every arrival that outlives its frame; a.movingIndex
 *   transfers    transferId -&gt; arrival        large puts that are being pushed to us
 * </pre>
 *
 * <p>Guarded by the instance's lock.
 */
public final class Target {
    private final List<Arrival> arrivalPool = new ArrayList<>();
    private final List<Arrival> moving = new ArrayList<>();
    private final Int2ObjectHashMap<Arrival> transfers = new Int2ObjectHashMap<>();
    private final Responses responses;
    private final AtomicRequests atomics;
    private int lastTransferId;

    /**
     * Creates it.
     *
     * @param maxFrame the longest frame of the transport, bytes
     * @param data writes Data frames
     */
    public Target(final int maxFrame, final DataFrames data) {
        responses = new Responses(this, maxFrame, data);
        atomics = new AtomicRequests(maxFrame);
    }

    /**
     * Takes an arrival with one reference.
     *
     * @return an arrival with stale fields
     */
    public Arrival takeArrival() {
        final Arrival arrival = arrivalPool.isEmpty() ? new Arrival() : arrivalPool.removeLast();
        arrival.begin();
        return arrival;
    }

    /**
     * Gives back an arrival that goes nowhere.
     *
     * @param arrival without entry
     */
    public void discard(final Arrival arrival) {
        release(arrival);
    }

    /**
     * Refuses a request for an interface that is not open.
     *
     * @param arrival without entry; given back
     */
    public void refuse(final Arrival arrival) {
        arrival.niFail = NiFail.UNDELIVERABLE;
        arrival.mlength = 0;
        arrival.placeOffset = arrival.remoteOffset;
        if (arrival.answered) {
            responses.refuse(arrival);
        }
        release(arrival);
    }

    void release(final Arrival arrival) {
        if (arrival.release()) {
            arrivalPool.add(arrival);
        }
    }

    Responses responses() {
        return responses;
    }

    AtomicRequests atomics() {
        return atomics;
    }

    /** Notes that an arrival outlives its frame. */
    void move(final Arrival arrival) {
        if (arrival.movingIndex < 0) {
            arrival.movingIndex = moving.size();
            moving.add(arrival);
        }
    }

    /** Notes that nothing of an arrival moves any more. */
    void rest(final Arrival arrival) {
        final int index = arrival.movingIndex;
        if (index >= 0) {
            arrival.movingIndex = -1;
            final Arrival last = moving.removeLast();
            if (last != arrival) {
                moving.set(index, last);
                last.movingIndex = index;
            }
        }
        if (arrival.transferId != 0) {
            transfers.remove(arrival.transferId);
            arrival.transferId = 0;
        }
    }

    /** Names a large put that shall be pushed to us. */
    void beginTransfer(final Arrival arrival) {
        do {
            lastTransferId++;
        } while (lastTransferId == 0 || transfers.containsKey(lastTransferId));
        arrival.transferId = lastTransferId;
        transfers.put(lastTransferId, arrival);
        move(arrival);
    }

    /**
     * A piece of a large put. Hot path.
     *
     * @param connection where it came from
     * @param transferId our name of the transfer
     * @param offset from the start of the transfer
     * @param length bytes
     * @param address of the bytes
     */
    public void onData(
            final Connection connection,
            final int transferId,
            final long offset,
            final int length,
            final long address) {
        final Arrival arrival = transfers.get(transferId);
        if (arrival == null) {
            return; // ended before: memory gone, interface closed
        }
        if (arrival.connection != connection
                || offset != arrival.received
                || length > arrival.mlength - arrival.received) {
            connection.violation("data at " + offset + " of transfer " + transferId);
            return;
        }
        final TargetSide side = TargetSide.of(arrival);
        if (!side.place(arrival, offset, length, address)) {
            side.landed(arrival, NiFail.SEGV, true);
            return;
        }
        arrival.received += length;
        if (arrival.received == arrival.mlength) {
            side.landed(arrival, NiFail.OK, true);
        }
    }

    /**
     * The rest of a large put will not come: the initiator's memory is gone.
     *
     * @param connection where it came from
     * @param transferId our name of the transfer
     */
    public void onFailure(final Connection connection, final int transferId) {
        final Arrival arrival = transfers.get(transferId);
        if (arrival != null && arrival.connection == connection) {
            TargetSide.of(arrival).landed(arrival, NiFail.UNDELIVERABLE, true);
        }
    }

    /**
     * Ends every arrival of a connection that is down.
     *
     * @param connection the connection
     */
    public void onDown(final Connection connection) {
        abort(connection, null);
    }

    /** Ends every moving arrival of a connection, or of an interface; null is any. */
    void abort(final @Nullable Connection connection, final @Nullable TargetSide side) {
        for (int i = moving.size() - 1; i >= 0; i--) {
            if (i < moving.size()) {
                final Arrival arrival = moving.get(i);
                final TargetSide owner = TargetSide.of(arrival);
                if ((connection == null || arrival.connection == connection)
                        && (side == null || owner == side)) {
                    owner.landed(arrival, NiFail.UNDELIVERABLE, connection == null);
                }
            }
        }
    }

    /**
     * Whether data of an interface is moving.
     *
     * @param side of the interface
     * @return true if any
     */
    boolean isMoving(final TargetSide side) {
        for (final Arrival arrival : moving) {
            if (TargetSide.of(arrival) == side) {
                return true;
            }
        }
        return false;
    }
}

package org.portals4j.engine.initiator;

import org.jspecify.annotations.Nullable;
import org.portals4j.engine.peer.Connection;

/**
 * The operation slots of an instance, preallocated. No peer holds more than a quarter of them, so
 * that a slow peer cannot stop the others. Guarded by the instance's lock.
 */
final class OperationSlots {
    private final Operation[] slots;
    private final int[] free;
    private final int perPeer;
    private int freeCount;

    OperationSlots(final Initiator initiator, final int count) {
        slots = new Operation[count];
        free = new int[count];
        perPeer = Math.max(1, count / 4);
        for (int i = 0; i < count; i++) {
            slots[i] = new Operation(initiator, i);
            free[i] = count - 1 - i;
        }
        freeCount = count;
    }

    /** Takes a slot; null: none is free, or the peer holds its share. */
    @Nullable Operation take(final Connection peer) {
        if (freeCount == 0 || peer.slots() >= perPeer) {
            return null;
        }
        final Operation operation = slots[free[--freeCount]];
        operation.begin(peer);
        peer.slots(1);
        return operation;
    }

    void give(final Operation operation) {
        final Connection peer = operation.connection;
        if (peer != null) {
            peer.slots(-1);
        }
        operation.end();
        free[freeCount++] = operation.index;
    }

    /** The operation of a response; null: it ended before. */
    @Nullable Operation find(final int id, final Connection peer) {
        final int index = id & 0xffff;
        if (index >= slots.length) {
            return null;
        }
        final Operation operation = slots[index];
        return operation.inUse && operation.id() == id && operation.connection == peer
                ? operation
                : null;
    }

    int count() {
        return slots.length;
    }

    int inUse() {
        return slots.length - freeCount;
    }

    Operation at(final int index) {
        return slots[index];
    }
}

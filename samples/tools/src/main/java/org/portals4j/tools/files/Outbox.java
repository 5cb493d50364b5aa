package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.ProcessId;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Control messages on their way out. A message stays in its slot until it is acknowledged; while
 * all slots are taken further messages queue, so that sending never waits. A message that found no
 * room at the target (DROPPED) is sent again after a pause.
 *
 * <p>Any thread may send; events are handled by the thread that owns the queue.
 */
final class Outbox implements AutoCloseable {
    private static final int SLOTS = 64;
    private static final int MAX_ATTEMPTS = 100;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int GENERATION_SHIFT = 16;

    private record Letter(ProcessId target, long headerData, MemorySegment body) {}

    /** A slot of the slab; its generation tells a late event from a current one. */
    private static final class Slot {
        private final int index;
        private int generation;
        private @Nullable Letter letter;
        private int attempts;
        private long retryAtNs;

        Slot(final int index) {
            this.index = index;
        }

        long userData() {
            return Protocol.tag(
                    Protocol.TAG_OUTBOX, ((generation & 0xffff_ffffL) << GENERATION_SHIFT) | index);
        }
    }

    private final NetworkInterface ni;
    private final MemorySegment slab;
    private final MemoryDescriptor md;
    private final Slot[] slots = new Slot[SLOTS];
    private final ArrayDeque<Slot> free = new ArrayDeque<>();
    private final ArrayDeque<Slot> paused = new ArrayDeque<>();
    private final ArrayDeque<Letter> waiting = new ArrayDeque<>();
    private boolean closed;

    Outbox(final NetworkInterface ni, final EventQueue queue, final Arena arena) {
        this.ni = ni;
        slab = arena.allocate((long) SLOTS * Protocol.MAX_MESSAGE);
        md = ni.bind(MemoryDescriptor.of(slab).eventQueue(queue));
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot(i);
            free.add(slots[i]);
        }
    }

    /** Sends a message, now or when a slot is free. */
    synchronized void send(
            final ProcessId target, final MessageType type, final long id, final byte[] body) {
        if (closed) {
            return;
        }
        waiting.add(new Letter(target, type.headerData(id), MemorySegment.ofArray(body)));
        fillSlots();
    }

    /** Messages that have not been acknowledged, in slots or waiting for one. */
    synchronized int pending() {
        return SLOTS - free.size() + waiting.size();
    }

    /**
     * Handles an event of a message.
     *
     * @return null, or why the message could not be delivered
     */
    synchronized @Nullable Undelivered onEnded(final Event event) {
        final long value = Protocol.valueOf(event.userData());
        final Slot slot = slots[(int) (value & 0xffff)];
        final Letter letter = slot.letter;
        if (letter == null || slot.userData() != event.userData()) {
            return null;
        }
        if (event.niFail() == NiFail.DROPPED && ++slot.attempts < MAX_ATTEMPTS && !closed) {
            slot.retryAtNs = System.nanoTime() + RETRY_NS;
            paused.add(slot);
            return null;
        }
        slot.letter = null;
        slot.generation++;
        free.add(slot);
        if (!closed) {
            fillSlots();
        }
        return event.niFail() == NiFail.OK
                ? null
                : new Undelivered(letter.target(), event.niFail());
    }

    /**
     * Sends again what was dropped a while ago.
     *
     * @return nanoseconds until there will be more to send again
     */
    synchronized long tick(final long nowNs) {
        while (true) {
            final Slot slot = paused.peek();
            if (slot == null) {
                return Long.MAX_VALUE;
            }
            if (nowNs - slot.retryAtNs < 0) {
                return slot.retryAtNs - nowNs;
            }
            paused.remove();
            final Letter letter = slot.letter;
            if (letter != null) {
                slot.generation++;
                put(slot, letter);
            }
        }
    }

    /** Sends nothing more, neither new nor again: the peer is lost. */
    synchronized void stop() {
        closed = true;
        waiting.clear();
        for (final Slot slot : paused) {
            slot.letter = null;
            free.add(slot);
        }
        paused.clear();
    }

    @Override
    public synchronized void close() {
        stop();
        md.close();
    }

    private void fillSlots() {
        while (!free.isEmpty() && !waiting.isEmpty()) {
            final Slot slot = free.remove();
            final Letter letter = waiting.remove();
            slot.letter = letter;
            slot.attempts = 0;
            MemorySegment.copy(
                    letter.body(),
                    0,
                    slab,
                    (long) slot.index * Protocol.MAX_MESSAGE,
                    letter.body().byteSize());
            put(slot, letter);
        }
    }

    private void put(final Slot slot, final Letter letter) {
        ni.put(
                md,
                (long) slot.index * Protocol.MAX_MESSAGE,
                letter.body().byteSize(),
                AckRequest.ACK,
                letter.target(),
                Protocol.CONTROL,
                Protocol.CONTROL_BITS,
                0,
                slot.userData(),
                letter.headerData());
    }

    /** A message that did not arrive. */
    record Undelivered(ProcessId target, NiFail why) {}
}

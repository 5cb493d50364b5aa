package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.CountingEvent.Value;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MemoryDescriptor;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.ReturnCode;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Event queues and counting events as such. */
abstract class QueueConformance extends ConformanceTest {
    private static final long SHORT_NS = TimeUnit.MILLISECONDS.toNanos(50);

    QueueConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void emptyQueue() {
        final Event event = new Event();
        assertEquals(ReturnCode.EQ_EMPTY, targetQueue.get(event));
        assertEquals(ReturnCode.EQ_EMPTY, targetQueue.await(event, 0));
        final long start = System.nanoTime();
        assertEquals(ReturnCode.EQ_EMPTY, targetQueue.await(event, SHORT_NS));
        assertWaited(System.nanoTime() - start);
        assertTrue(targetQueue.capacity() >= QUEUE_SIZE);
        assertRefused(ReturnCode.ARG_INVALID, () -> target.allocateEventQueue(0));
        assertRefused(ReturnCode.ARG_INVALID, () -> target.allocateEventQueue(-1));
        assertRefused(ReturnCode.ARG_INVALID, () -> target.allocateEventQueue((1 << 24) + 1));
    }

    /** A full queue loses its oldest events and says so once, with a valid event. */
    @Test
    void overflowLosesTheOldest() {
        for (final int count : new int[] {1, 2, 5, 16}) {
            final EventQueue small = target.allocateEventQueue(count);
            assertTrue(small.capacity() >= count);
            final PortalTableEntry into = target.allocatePortal(OptionSet.none(), small, 9);
            into.append(
                    entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE),
                    ListKind.PRIORITY,
                    1);
            final MemoryDescriptor md = bind(arena.allocate(8));
            final Event event = new Event();
            for (int round = 0; round < 3; round++) {
                final int sent = small.capacity() + 3;
                for (int i = 0; i < sent; i++) {
                    initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 9, 0, 0, 1, i);
                    expect(initiatorQueue, EventKind.SEND, 1);
                    expect(initiatorQueue, EventKind.ACK, 1);
                }
                for (int i = 3; i < sent; i++) {
                    assertEquals(i == 3 ? ReturnCode.EQ_DROPPED : ReturnCode.OK, small.get(event));
                    assertEquals(EventKind.PUT, event.kind());
                    assertEquals(i, event.headerData());
                }
                assertEquals(ReturnCode.EQ_EMPTY, small.get(event));
            }
            into.close();
            small.close();
        }
    }

    @Test
    void exactlyFullQueueLosesNothing() {
        final EventQueue small = target.allocateEventQueue(4);
        final PortalTableEntry into = target.allocatePortal(OptionSet.none(), small, 9);
        final int capacity = small.capacity();
        for (int i = 0; i < capacity; i++) {
            into.append(entry(arena.allocate(8), EntryOption.OP_PUT), ListKind.PRIORITY, i);
        }
        final Event event = new Event();
        for (int i = 0; i < capacity; i++) {
            assertEquals(ReturnCode.OK, small.get(event));
            assertEquals(i, event.userData());
        }
        assertEquals(ReturnCode.EQ_EMPTY, small.get(event));
    }

    @Test
    void pollTakesQueuesInTurns() {
        final EventQueue[] queues = fill(3, 6);
        final Event event = new Event();
        for (int round = 0; round < 6; round++) {
            final Set<Integer> served = new HashSet<>();
            for (int i = 0; i < queues.length; i++) {
                assertEquals(ReturnCode.OK, target.poll(queues, 0, event));
                assertEquals(event.queueIndex(), event.portalIndex() - 10);
                assertEquals(round, event.userData());
                served.add(event.queueIndex());
            }
            assertEquals(3, served.size(), "one queue starves");
        }
        assertEquals(ReturnCode.EQ_EMPTY, target.poll(queues, 0, event));
        final long start = System.nanoTime();
        assertEquals(ReturnCode.EQ_EMPTY, target.poll(queues, SHORT_NS, event));
        assertWaited(System.nanoTime() - start);
    }

    @Test
    void pollOfNothing() {
        assertRefused(ReturnCode.ARG_INVALID, () -> target.poll(new EventQueue[0], 0, new Event()));
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> target.poll(new CountingEvent[0], new long[0], 0, new Value()));
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> initiator.poll(new CountingEvent[] {counter}, new long[0], 0, new Value()));
    }

    @Test
    void pollWaitsForAnyQueue() throws Exception {
        final EventQueue[] queues = fill(3, 0);
        for (int i = 0; i < 3; i++) {
            final int index = i;
            try (Workers workers = new Workers()) {
                final Thread thread =
                        workers.start(
                                () -> {
                                    final Event event = new Event();
                                    assertEquals(
                                            ReturnCode.OK, target.poll(queues, DEADLINE_NS, event));
                                    assertEquals(index, event.queueIndex());
                                });
                Workers.awaitParked(thread);
                final MemoryDescriptor md = bind(arena.allocate(8));
                initiator.put(md, 0, 8, AckRequest.NO_ACK, target.id(), 10 + i, 0, 0, 1, 1);
                workers.join(15);
            }
        }
    }

    @Test
    void setAndIncrement() {
        assertCount(counter, 0, 0);
        counter.set(Long.MAX_VALUE, 7);
        assertCount(counter, Long.MAX_VALUE, 7);
        counter.set(5, 0);
        counter.increment(3, 0);
        counter.increment(0, 2);
        counter.increment(0, 0);
        assertCount(counter, 8, 2);
        assertRefused(ReturnCode.ARG_INVALID, () -> counter.increment(1, 1));
        assertCount(counter, 8, 2);
    }

    @Test
    void awaitOfCounter() {
        final Value value = new Value();
        counter.set(5, 0);
        assertEquals(ReturnCode.OK, counter.await(5, value));
        assertEquals(5, value.success());
        assertEquals(0, value.failure());
        assertEquals(ReturnCode.OK, counter.await(0, 0, value));
        assertEquals(ReturnCode.CT_NONE_REACHED, counter.await(6, 0, value));
        final long start = System.nanoTime();
        assertEquals(ReturnCode.CT_NONE_REACHED, counter.await(6, SHORT_NS, value));
        assertWaited(System.nanoTime() - start);
        counter.increment(0, 1);
        assertEquals(ReturnCode.OK, counter.await(6, value), "a failure ends the wait");
        assertEquals(5, value.success());
        assertEquals(1, value.failure());
    }

    @Test
    void pollOfCounters() {
        final CountingEvent[] counters = new CountingEvent[4];
        final long[] tests = {10, 20, 30, 40};
        for (int i = 0; i < counters.length; i++) {
            counters[i] = initiator.allocateCountingEvent();
        }
        final Value value = new Value();
        final long start = System.nanoTime();
        assertEquals(ReturnCode.CT_NONE_REACHED, initiator.poll(counters, tests, SHORT_NS, value));
        assertWaited(System.nanoTime() - start);
        for (int i = 0; i < counters.length; i++) {
            counters[i].set(tests[i] + 1, 0);
            assertEquals(ReturnCode.OK, initiator.poll(counters, tests, 0, value));
            assertEquals(i, value.index());
            assertEquals(tests[i] + 1, value.success());
            counters[i].set(tests[i] - 1, 0);
            assertEquals(ReturnCode.CT_NONE_REACHED, initiator.poll(counters, tests, 0, value));
            counters[i].increment(0, 1);
            assertEquals(ReturnCode.OK, initiator.poll(counters, tests, 0, value));
            assertEquals(i, value.index());
            assertEquals(1, value.failure());
            counters[i].set(0, 0);
        }
    }

    /** Several threads take from one queue: each event goes to exactly one of them. */
    @Test
    void eachEventGoesToOneConsumer() throws Exception {
        final int events = 4000;
        final AtomicIntegerArray seen = new AtomicIntegerArray(events);
        final AtomicInteger total = new AtomicInteger();
        final EventQueue queue = target.allocateEventQueue(events);
        final PortalTableEntry into = target.allocatePortal(OptionSet.none(), queue, 9);
        into.append(
                entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE),
                ListKind.PRIORITY,
                1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        try (Workers workers = new Workers()) {
            for (int t = 0; t < 4; t++) {
                final boolean waits = t % 2 == 0;
                workers.start(
                        () -> {
                            final Event event = new Event();
                            final long deadline = System.nanoTime() + 2 * DEADLINE_NS;
                            while (total.get() < events && System.nanoTime() < deadline) {
                                final ReturnCode code =
                                        waits ? queue.await(event, 1_000_000) : queue.get(event);
                                if (code == ReturnCode.OK) {
                                    seen.incrementAndGet((int) event.headerData());
                                    total.incrementAndGet();
                                } else {
                                    assertEquals(ReturnCode.EQ_EMPTY, code);
                                    Thread.yield();
                                }
                            }
                        });
            }
            for (int i = 0; i < events; i++) {
                initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 9, 0, 0, i, i);
                if (i % 200 == 199) {
                    for (int ended = 0; ended < 400; ended++) {
                        next(initiatorQueue);
                    }
                }
            }
            workers.join(30);
        }
        for (int i = 0; i < events; i++) {
            assertEquals(1, seen.get(i), "event " + i);
        }
    }

    /** Queues with portals 10, 11, ... that have some LINK events each. */
    private EventQueue[] fill(final int queues, final int events) {
        final EventQueue[] result = new EventQueue[queues];
        for (int q = 0; q < queues; q++) {
            result[q] = target.allocateEventQueue(64);
            final PortalTableEntry into =
                    target.allocatePortal(OptionSet.none(), result[q], 10 + q);
            for (int i = 0; i < events; i++) {
                into.append(entry(arena.allocate(8), EntryOption.OP_PUT), ListKind.PRIORITY, i);
            }
            if (events == 0) {
                into.append(
                        entry(
                                arena.allocate(8),
                                EntryOption.OP_PUT,
                                EntryOption.EVENT_LINK_DISABLE),
                        ListKind.PRIORITY,
                        0);
            }
        }
        return result;
    }

    private static void assertWaited(final long nanos) {
        assertTrue(nanos >= SHORT_NS && nanos < 100 * SHORT_NS, "waited " + nanos + " ns");
    }
}

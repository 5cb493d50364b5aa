package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.portals4j.ReturnCode;

import java.util.concurrent.atomic.AtomicReference;

/** Threads that wait: woken by events, by closing, by interrupts; platform and virtual. */
abstract class WaitConformance extends ConformanceTest {
    WaitConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void closingAQueueWakesItsWaiter() throws Exception {
        final EventQueue queue = target.allocateEventQueue(8);
        wokenBy(() -> queue.await(new Event()), queue::close);
        queue.close();
    }

    @Test
    void closingACounterWakesItsWaiter() throws Exception {
        final CountingEvent ct = target.allocateCountingEvent();
        wokenBy(() -> ct.await(1, new Value()), ct::close);
        ct.close();
    }

    @Test
    void closingAQueueWakesPollers() throws Exception {
        final EventQueue[] queues = {target.allocateEventQueue(8), target.allocateEventQueue(8)};
        wokenBy(() -> target.poll(queues, Long.MAX_VALUE, new Event()), queues[1]::close);
        final CountingEvent[] counters = {
            target.allocateCountingEvent(), target.allocateCountingEvent()
        };
        wokenBy(
                () -> target.poll(counters, new long[] {1, 1}, Long.MAX_VALUE, new Value()),
                counters[0]::close);
    }

    @Test
    void closingTheInterfaceWakesWaiters() throws Exception {
        wokenBy(() -> targetQueue.await(new Event()), target::close);
    }

    @Test
    void closingTheInstanceWakesWaiters() throws Exception {
        wokenBy(() -> targetQueue.await(new Event()), this::closeInstances);
    }

    /** An interrupted wait answers INTERRUPTED, keeps the flag, and loses nothing. */
    @Test
    void interruptEndsTheWait() throws Exception {
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        for (int i = 0; i < 10; i++) {
            try (Workers workers = new Workers()) {
                final Thread thread =
                        workers.start(
                                () -> {
                                    assertEquals(
                                            ReturnCode.INTERRUPTED, targetQueue.await(new Event()));
                                    assertTrue(Thread.currentThread().isInterrupted());
                                    final CountingEvent ct = target.allocateCountingEvent();
                                    assertEquals(ReturnCode.INTERRUPTED, ct.await(1, new Value()));
                                    assertTrue(Thread.interrupted());
                                    ct.close();
                                });
                Workers.awaitParked(thread);
                thread.interrupt();
                workers.join(15);
            }
            putAcked(md, 8, 0, 0, i);
            assertEquals(i, expect(targetQueue, EventKind.PUT, 1).headerData());
        }
    }

    /** A thread whose flag is set may send, and get; only its waits end at once. */
    @Test
    void interruptedThreadsMayStillWork() throws Exception {
        link(entry(arena.allocate(60_000), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(60_000));
        try (Workers workers = new Workers()) {
            workers.start(
                    () -> {
                        Thread.currentThread().interrupt();
                        for (int i = 0; i < 20; i++) {
                            put(md, i % 2 == 0 ? 60_000 : 8, AckRequest.ACK, 0, 0, 2);
                        }
                        assertTrue(Thread.currentThread().isInterrupted());
                    });
            workers.join(30);
        }
        for (int i = 0; i < 40; i++) {
            next(initiatorQueue);
        }
        for (int i = 0; i < 20; i++) {
            expect(targetQueue, EventKind.PUT, 1);
        }
        assertQuiet();
    }

    /** Interrupts race with events: every event is still there for someone. */
    @Test
    void interruptsRaceWithEvents() throws Exception {
        final int events = 300;
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        try (Workers workers = new Workers()) {
            final Thread consumer =
                    workers.start(
                            () -> {
                                final Event event = new Event();
                                int expected = 0;
                                while (expected < events) {
                                    final ReturnCode code = targetQueue.await(event, DEADLINE_NS);
                                    if (code == ReturnCode.INTERRUPTED) {
                                        assertTrue(Thread.interrupted());
                                    } else {
                                        assertEquals(ReturnCode.OK, code);
                                        assertEquals(expected, event.headerData());
                                        expected++;
                                    }
                                }
                            });
            for (int i = 0; i < events; i++) {
                consumer.interrupt();
                putAcked(md, 8, 0, 0, i);
            }
            workers.join(30);
        }
    }

    @Test
    void manyVirtualThreadsWait() throws Exception {
        final int waiters = 16;
        final int rounds = 20;
        final EventQueue[] queues = new EventQueue[waiters];
        for (int i = 0; i < waiters; i++) {
            queues[i] = target.allocateEventQueue(64);
            target.allocatePortal(OptionSet.none(), queues[i], 10 + i)
                    .append(
                            entry(
                                    arena.allocate(8),
                                    EntryOption.OP_PUT,
                                    EntryOption.EVENT_LINK_DISABLE),
                            ListKind.PRIORITY,
                            i);
        }
        final MemoryDescriptor md = bind(arena.allocate(8));
        final CountingEvent done = target.allocateCountingEvent();
        try (Workers workers = new Workers()) {
            for (int i = 0; i < waiters; i++) {
                final EventQueue queue = queues[i];
                workers.startVirtual(
                        () -> {
                            final Event event = new Event();
                            for (int round = 0; round < rounds; round++) {
                                assertEquals(ReturnCode.OK, queue.await(event, DEADLINE_NS));
                                assertEquals(round, event.headerData());
                                done.increment(1, 0);
                            }
                        });
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = waiters - 1; i >= 0; i--) {
                    initiator.put(md, 0, 8, AckRequest.NO_ACK, target.id(), 10 + i, 0, 0, 0, round);
                    expect(initiatorQueue, EventKind.SEND, 0);
                }
                final Value value = new Value();
                assertEquals(
                        ReturnCode.OK,
                        done.await((round + 1L) * waiters, 2 * DEADLINE_NS, value),
                        () -> value + " " + done.success());
            }
            workers.join(30);
        }
    }

    /** Two threads wait for the same counter and for the same queue; both are served. */
    @Test
    void severalWaitersOfOneObject() throws Exception {
        final CountingEvent ct = target.allocateCountingEvent();
        try (Workers workers = new Workers()) {
            Thread last = null;
            for (int i = 1; i <= 4; i++) {
                final long test = i;
                last =
                        workers.start(
                                () ->
                                        assertEquals(
                                                ReturnCode.OK,
                                                ct.await(test, DEADLINE_NS, new Value())));
            }
            Workers.awaitParked(last);
            for (int i = 0; i < 4; i++) {
                ct.increment(1, 0);
            }
            workers.join(15);
        }
    }

    @FunctionalInterface
    private interface Wait {
        ReturnCode call();
    }

    private void wokenBy(final Wait wait, final Runnable close) throws Exception {
        final AtomicReference<ReturnCode> code = new AtomicReference<>();
        try (Workers workers = new Workers()) {
            final Thread thread =
                    workers.start(
                            () -> {
                                code.set(wait.call());
                                assertFalse(Thread.currentThread().isInterrupted());
                            });
            Workers.awaitParked(thread);
            close.run();
            workers.join(15);
        }
        assertEquals(ReturnCode.INTERRUPTED, code.get());
    }
}

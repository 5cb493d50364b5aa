package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.ReturnCode;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** Many threads on one interface, and two instances that flood each other. */
abstract class ConcurrencyConformance extends ConformanceTest {
    private static final int WINDOW = 100;

    ConcurrencyConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** Four threads put through one interface while two of them are interrupted all the time. */
    @Test
    void threadsShareAnInterface() throws Exception {
        final int puts = topology == Topology.TINY ? 300 : 2000;
        final CountingEvent arrived = target.allocateCountingEvent();
        final PortalTableEntry into = sink(target, arrived);
        final AtomicBoolean done = new AtomicBoolean();
        try (Workers workers = new Workers();
                Workers chaos = new Workers()) {
            final Thread[] threads = new Thread[4];
            for (int t = 0; t < 4; t++) {
                final EventQueue queue = initiator.allocateEventQueue(4 * WINDOW);
                final MemoryDescriptor md =
                        initiator.bind(
                                MemoryDescriptor.of(arena.allocate(40_000)).eventQueue(queue));
                final boolean waits = t < 2;
                final long seed = t;
                threads[t] =
                        workers.start(
                                () -> flood(initiator, target, md, queue, into, puts, waits, seed));
            }
            chaos.start(
                    () -> {
                        for (int i = 0; i < 300 && !done.get(); i++) {
                            threads[i % 2].interrupt();
                            Thread.sleep(1);
                        }
                    });
            workers.join(45);
            done.set(true);
            chaos.join(10);
        }
        awaitCount(arrived, 4L * puts, 0);
        assertQuiet();
    }

    /** Two threads wait for different things while a third feeds them. */
    @Test
    void waitersHandProgressOver() throws Exception {
        final int rounds = 500;
        final CountingEvent puts = target.allocateCountingEvent();
        final PortalTableEntry into = sink(target, puts);
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        try (Workers workers = new Workers()) {
            workers.start(
                    () -> {
                        for (int i = 0; i < rounds; i++) {
                            assertEquals(i, expect(targetQueue, EventKind.PUT, 1).headerData());
                        }
                    });
            workers.start(
                    () -> {
                        final CountingEvent.Value value = new CountingEvent.Value();
                        for (int i = 1; i <= rounds; i++) {
                            assertEquals(ReturnCode.OK, puts.await(i, DEADLINE_NS, value));
                            assertTrue(value.success() >= i);
                        }
                    });
            for (int i = 0; i < rounds; i++) {
                put(md, 8, AckRequest.NO_ACK, 0, 0, i);
                initiator.put(md, 0, 8, AckRequest.ACK, target.id(), into.index(), 0, 0, i, i);
                for (int events = 0; events < 3; events++) {
                    assertEquals(NiFail.OK, next(initiatorQueue).niFail());
                }
            }
            workers.join(30);
        }
        assertQuiet();
    }

    /** Both sides put as fast as they can; nothing is lost and nobody waits for ever. */
    @Test
    void instancesFloodEachOther() throws Exception {
        final int puts = topology == Topology.TINY ? 1000 : 10_000;
        final CountingEvent atTarget = target.allocateCountingEvent();
        final CountingEvent atInitiator = initiator.allocateCountingEvent();
        final PortalTableEntry targetSink = sink(target, atTarget);
        final PortalTableEntry initiatorSink = sink(initiator, atInitiator);
        final EventQueue there = initiator.allocateEventQueue(4 * WINDOW);
        final EventQueue back = target.allocateEventQueue(4 * WINDOW);
        final MemoryDescriptor from =
                initiator.bind(MemoryDescriptor.of(arena.allocate(40_000)).eventQueue(there));
        final MemoryDescriptor to =
                target.bind(MemoryDescriptor.of(arena.allocate(40_000)).eventQueue(back));
        try (Workers workers = new Workers()) {
            workers.start(() -> flood(initiator, target, from, there, targetSink, puts, false, 1));
            workers.start(() -> flood(target, initiator, to, back, initiatorSink, puts, false, 2));
            workers.join(55);
        }
        awaitCount(atTarget, puts, 0);
        awaitCount(atInitiator, puts, 0);
        assertQuiet();
    }

    /** Entries are appended and unlinked by one thread while messages arrive for them. */
    @Test
    void appendAndUnlinkRaceWithArrival() throws Exception {
        final int puts = topology == Topology.TINY ? 500 : 3000;
        final AtomicBoolean done = new AtomicBoolean();
        final MemoryDescriptor md = bind(arena.allocate(8));
        final CountingEvent arrived = target.allocateCountingEvent();
        final PortalTableEntry into =
                target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
        into.append(counted(arrived, 8), ListKind.OVERFLOW, 0);
        try (Workers workers = new Workers()) {
            workers.start(
                    () -> {
                        while (!done.get()) {
                            final long handle =
                                    into.append(counted(arrived, 8), ListKind.PRIORITY, 1);
                            Thread.yield();
                            ReturnCode code = into.unlink(handle);
                            while (code == ReturnCode.IN_USE) {
                                code = into.unlink(handle);
                            }
                            assertEquals(ReturnCode.OK, code);
                        }
                    });
            for (int i = 0; i < puts; i++) {
                initiator.put(md, 0, 8, AckRequest.ACK, target.id(), into.index(), 0, 0, i, i);
                expect(initiatorQueue, EventKind.SEND, i);
                expect(initiatorQueue, EventKind.ACK, i);
            }
            done.set(true);
            workers.join(10);
        }
        awaitCount(arrived, puts, 0);
    }

    /** Puts of mixed sizes, at most a window of them unanswered. */
    private static void flood(
            final NetworkInterface ni,
            final NetworkInterface peer,
            final MemoryDescriptor md,
            final EventQueue queue,
            final PortalTableEntry into,
            final int puts,
            final boolean waits,
            final long seed) {
        final Random random = new Random(seed);
        final Event event = new Event();
        final int[] ended = new int[puts];
        int acks = 0;
        int sent = 0;
        long idleSince = System.nanoTime();
        while (acks < puts) {
            if (sent < puts && sent - acks < WINDOW) {
                final int kind = random.nextInt(20);
                final int length = kind < 16 ? 8 : kind < 18 ? 1000 : kind < 19 ? 9000 : 30_000;
                ni.put(
                        md,
                        random.nextInt(1000),
                        length,
                        AckRequest.ACK,
                        peer.id(),
                        into.index(),
                        0,
                        0,
                        sent,
                        0);
                sent++;
            }
            final boolean full = sent == puts || sent - acks == WINDOW;
            final ReturnCode code =
                    waits && full ? queue.await(event, 1_000_000_000L) : queue.get(event);
            if (code == ReturnCode.OK) {
                assertEquals(NiFail.OK, event.niFail(), event::toString);
                if (event.kind() == EventKind.ACK) {
                    acks++;
                    ended[(int) event.userData()]++;
                }
                idleSince = System.nanoTime();
            } else if (code == ReturnCode.INTERRUPTED) {
                assertTrue(Thread.interrupted(), "the flag is kept");
            } else {
                assertEquals(ReturnCode.EQ_EMPTY, code);
                assertTrue(
                        System.nanoTime() - idleSince < 2 * DEADLINE_NS,
                        sent + " sent, " + acks + " answered, and no event for long");
                Thread.yield();
            }
        }
        for (int i = 0; i < puts; i++) {
            assertEquals(1, ended[i], "acks of put " + i);
        }
    }

    /** A portal that only counts. */
    private PortalTableEntry sink(final NetworkInterface ni, final CountingEvent ct) {
        final PortalTableEntry into =
                ni.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
        into.append(counted(ct, 40_000), ListKind.PRIORITY, 0);
        return into;
    }

    private MatchEntry counted(final CountingEvent ct, final int length) {
        return entry(
                        arena.allocate(length),
                        EntryOption.OP_PUT,
                        EntryOption.UNEXPECTED_HDR_DISABLE,
                        EntryOption.EVENT_CT_COMM)
                .counter(ct);
    }
}

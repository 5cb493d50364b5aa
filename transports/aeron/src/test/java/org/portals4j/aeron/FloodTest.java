package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Engines over the smallest logs that Aeron has, for as long as the issue asks: nothing is lost,
 * nobody starves, nothing waits for ever.
 */
final class FloodTest {
    private static final long FLOOD_NS = 10_000_000_000L;
    private static final long WAIT_NS = 20_000_000_000L;
    private static final int LARGEST = 20_000;

    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean stop = new AtomicBoolean();

    /** One process: an entry that everybody puts into, and counters on both sides. */
    private final class Side implements AutoCloseable {
        final Portals portals;
        final NetworkInterface ni;
        final CountingEvent received;
        final Arena arena = Arena.ofAuto();

        Side(final String transport) {
            portals =
                    Portals.open(
                            new Portals.Context()
                                    .transport(transport)
                                    .nid(NodeId.LOOPBACK)
                                    .property("aeron.ipc.term.length", "64k")
                                    .property("aeron.udp.term.length", "64k")
                                    .errorHandler(failures::add));
            ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            received = ni.allocateCountingEvent();
            final MatchEntry entry =
                    new MatchEntry(
                            arena.allocate(LARGEST),
                            EntryOption.OP_PUT,
                            EntryOption.OP_GET,
                            EntryOption.EVENT_CT_COMM);
            ni.allocatePortal(OptionSet.none(), null, 0)
                    .append(entry.counter(received), ListKind.PRIORITY, 0);
        }

        @Override
        public void close() {
            portals.close();
        }
    }

    /** A thread that puts to a peer until told to stop, taking its own events. */
    private final class Flooder implements Runnable {
        private final Side from;
        private final ProcessId to;
        private final Random random;
        private final EventQueue queue;
        private final MemoryDescriptor md;
        private final Event event = new Event();
        private long sends;
        private long acks;
        private long puts;

        Flooder(final Side from, final ProcessId to, final long seed) {
            this.from = from;
            this.to = to;
            random = new Random(seed);
            queue = from.ni.allocateEventQueue(4096);
            md = from.ni.bind(MemoryDescriptor.of(from.arena.allocate(LARGEST)).eventQueue(queue));
        }

        @Override
        public void run() {
            try {
                while (!stop.get()) {
                    final int length =
                            random.nextInt(8) == 0 ? random.nextInt(LARGEST) : random.nextInt(64);
                    from.ni.put(md, 0, length, AckRequest.ACK, to, 0, 0, 0, puts, 0);
                    puts++;
                    while (puts - acks > 500) {
                        take(queue.await(event, WAIT_NS));
                    }
                    drain();
                }
                while (acks < puts) {
                    take(queue.await(event, WAIT_NS));
                }
                assertEquals(puts, sends);
            } catch (final RuntimeException | AssertionError e) {
                failures.add(e);
            }
        }

        private void drain() {
            for (ReturnCode code = queue.get(event);
                    code != ReturnCode.EQ_EMPTY;
                    code = queue.get(event)) {
                take(code);
            }
        }

        private void take(final ReturnCode code) {
            if (code == ReturnCode.INTERRUPTED) {
                assertTrue(Thread.interrupted(), "interrupted without being asked");
                return;
            }
            assertEquals(ReturnCode.OK, code, "after " + puts + " puts, " + acks + " acks");
            assertEquals(NiFail.OK, event.niFail(), event::toString);
            if (event.kind() == EventKind.SEND) {
                sends++;
            } else {
                acks++;
            }
        }
    }

    private void flood(
            final List<Flooder> flooders, final boolean interrupting, final Runnable meanwhile)
            throws InterruptedException {
        final List<Thread> threads = new ArrayList<>();
        for (final Flooder flooder : flooders) {
            final Thread thread = new Thread(flooder, "flooder");
            threads.add(thread);
            thread.start();
        }
        final long end = System.nanoTime() + FLOOD_NS;
        while (System.nanoTime() < end && failures.isEmpty()) {
            meanwhile.run();
            threads.get(0).join(5);
            for (final Thread thread : threads) {
                if (interrupting) {
                    thread.interrupt();
                }
            }
        }
        stop.set(true);
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), failures);
        for (final Flooder flooder : flooders) {
            assertTrue(flooder.puts > 100, "starved: " + flooder.puts);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp"})
    void shouldLoseNothingWhenTwoPeersFloodEachOther(final String transport)
            throws InterruptedException {
        try (Side a = new Side(transport);
                Side b = new Side(transport)) {
            final Flooder ab = new Flooder(a, b.portals.id(), 1);
            final Flooder ba = new Flooder(b, a.portals.id(), 2);
            flood(List.of(ab, ba), false, () -> {});
            assertEquals(ab.puts, b.received.success());
            assertEquals(ba.puts, a.received.success());
            System.out.println("FloodTest " + transport + ": " + (ab.puts + ba.puts) + " puts");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc"})
    void shouldLoseNothingWhenThreadsPutWaitAndInterrupt(final String transport)
            throws InterruptedException {
        try (Side a = new Side(transport);
                Side b = new Side(transport)) {
            final List<Flooder> flooders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                flooders.add(new Flooder(a, b.portals.id(), i));
            }
            final MemoryDescriptor md =
                    b.ni.bind(
                            MemoryDescriptor.of(b.arena.allocate(64))
                                    .options(MdOption.EVENT_CT_REPLY)
                                    .counter(b.received));
            final long[] gets = new long[1];
            flood(
                    flooders,
                    true,
                    () -> {
                        b.ni.get(md, 0, 64, a.portals.id(), 0, 0, 0, 0);
                        gets[0]++;
                    });
            final long puts = flooders.stream().mapToLong(f -> f.puts).sum();
            assertEquals(
                    ReturnCode.OK,
                    b.received.await(puts + gets[0], WAIT_NS, new CountingEvent.Value()));
            assertEquals(puts + gets[0], b.received.success());
            assertEquals(gets[0], a.received.success());
        }
    }
}

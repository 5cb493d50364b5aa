package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
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
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Peers that are not there, go away, or leave right after they have done their part. */
abstract class FailureConformance extends ConformanceTest {
    private static final long CONNECT_NS = TimeUnit.MILLISECONDS.toNanos(400);
    private static final int LARGE = 200_000;

    FailureConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** An instance with an interface, a queue and a portal, to be closed at will. */
    private static final class Party implements AutoCloseable {
        private final Portals portals;
        private final NetworkInterface ni;
        private final EventQueue queue;
        private final CountingEvent counter;
        private final PortalTableEntry portal;

        Party(final Portals.Context context) {
            portals = Portals.open(context);
            ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            queue = ni.allocateEventQueue(QUEUE_SIZE);
            counter = ni.allocateCountingEvent();
            portal = ni.allocatePortal(OptionSet.none(), queue, NetworkInterface.PT_ANY);
        }

        void append(final MemorySegment memory) {
            portal.append(
                    new MatchEntry(
                            memory,
                            EntryOption.OP_PUT,
                            EntryOption.OP_GET,
                            EntryOption.EVENT_LINK_DISABLE),
                    ListKind.PRIORITY,
                    1);
        }

        MemoryDescriptor bind(final MemorySegment memory, final MdOption... options) {
            return ni.bind(
                    MemoryDescriptor.of(memory)
                            .options(options)
                            .eventQueue(queue)
                            .counter(counter));
        }

        Event next() {
            final Event event = new Event();
            assertEquals(ReturnCode.OK, queue.await(event, DEADLINE_NS), portals::describe);
            return event;
        }

        @Override
        public void close() {
            portals.close();
        }
    }

    private Party open() {
        return new Party(newContext().connectTimeoutNs(CONNECT_NS).peerTimeoutNs(2 * CONNECT_NS));
    }

    /** A name that nobody has: call it while those who might get it are open. */
    private ProcessId nobody() {
        try (Party gone = open()) {
            return gone.ni.id();
        }
    }

    @Test
    void operationsToNobodyAreUndeliverable() {
        try (Party process = open()) {
            final ProcessId nobody = nobody();
            final MemorySegment memory = arena.allocate(LARGE).fill((byte) 5);
            final MemoryDescriptor md = process.bind(memory);
            final long start = System.nanoTime();
            process.ni.put(md, 0, 8, AckRequest.ACK, nobody, 0, 0, 0, 1, 0);
            process.ni.put(md, 0, LARGE, AckRequest.NO_ACK, nobody, 0, 0, 0, 2, 0);
            final Set<Long> ended = new HashSet<>();
            for (int i = 0; i < 2; i++) {
                final Event event = process.next();
                assertEquals(NiFail.UNDELIVERABLE, event.niFail(), event::toString);
                assertTrue(ended.add(event.userData()), event::toString);
            }
            process.ni.get(md, 0, LARGE, nobody, 0, 0, 0, 3);
            final Event reply = process.next();
            assertEquals(EventKind.REPLY, reply.kind(), reply::toString);
            assertEquals(NiFail.UNDELIVERABLE, reply.niFail(), reply::toString);
            assertEquals(3, reply.userData());
            assertEquals((byte) 5, Memory.bytes(memory, 0, 1)[0]);
            assertTrue(System.nanoTime() - start < DEADLINE_NS, "slower than the timeout");
            assertEquals(ReturnCode.OK, md.release());
            assertEquals(ReturnCode.EQ_EMPTY, process.queue.get(new Event()));
        }
    }

    /** Who waits for a count must not wait for ever. */
    @Test
    void undeliverableCountsAsFailure() {
        final CountingEvent.Value value = new CountingEvent.Value();
        try (Party process = open()) {
            final ProcessId nobody = nobody();
            final MemoryDescriptor md =
                    process.bind(arena.allocate(8), MdOption.EVENT_CT_ACK, MdOption.EVENT_CT_REPLY);
            process.ni.put(md, 0, 8, AckRequest.CT_ACK, nobody, 0, 0, 0, 1, 0);
            assertEquals(ReturnCode.OK, process.counter.await(1, DEADLINE_NS, value));
            assertEquals(1, value.failure());
            assertEquals(0, value.success());
            process.counter.set(0, 0);
            process.ni.get(md, 0, 8, nobody, 0, 0, 0, 1);
            assertEquals(ReturnCode.OK, process.counter.await(1, DEADLINE_NS, value));
            assertEquals(1, value.failure());
        }
    }

    /** Each operation ends exactly once, whenever its target goes away. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 16})
    void targetClosesWhileOperationsAreOutstanding(final int await) {
        final int operations = topology == Topology.TINY ? 32 : 60;
        try (Party process = open();
                Arena own = Arena.ofShared()) {
            final Party peer = open();
            peer.append(own.allocate(LARGE));
            final MemorySegment memory = own.allocate(LARGE);
            final MemoryDescriptor md = process.bind(memory);
            final ProcessId id = peer.ni.id();
            final int[] sends = new int[operations];
            final int[] ends = new int[operations];
            int ended = 0;
            try (Workers workers = new Workers()) {
                for (int i = 0; i < operations; i++) {
                    issue(process, md, id, i);
                    if (i == operations / 2) {
                        while (ended < await) {
                            ended += count(process.next(), sends, ends);
                        }
                        workers.start(peer::close);
                    }
                }
                while (ended < operations) {
                    ended += count(process.next(), sends, ends);
                }
                workers.join(20);
            } catch (final InterruptedException e) {
                throw new AssertionError(e);
            }
            md.close();
            assertEquals(ReturnCode.EQ_EMPTY, process.queue.get(new Event()));
            for (int i = 0; i < operations; i++) {
                assertEquals(1, ends[i], "ends of operation " + i + " " + Arrays.toString(ends));
                assertTrue(sends[i] <= 1, "sends of operation " + i);
            }
            ping(process);
        }
    }

    /** The target leaves after its last event: the initiator has succeeded all the same. */
    @Test
    void targetClosesRightAfterItsLastEvent() {
        try (Party process = open()) {
            for (final int length : new int[] {8, 5000, LARGE, 8, LARGE}) {
                final MemoryDescriptor md = process.bind(arena.allocate(length));
                try (Party peer = open()) {
                    peer.append(arena.allocate(LARGE));
                    for (int i = 0; i < 3; i++) {
                        process.ni.put(md, 0, length, AckRequest.ACK, peer.ni.id(), 0, 0, 0, i, i);
                    }
                    for (int i = 0; i < 3; i++) {
                        assertEquals(NiFail.OK, peer.next().niFail());
                    }
                }
                for (int i = 0; i < 6; i++) {
                    final Event event = process.next();
                    assertEquals(NiFail.OK, event.niFail(), length + " bytes: " + event);
                }
                md.close();
            }
        }
    }

    /** The initiator leaves after its last event: the target has received all the same. */
    @Test
    void initiatorClosesRightAfterItsLastEvent() {
        try (Party peer = open()) {
            final MemorySegment to = arena.allocate(LARGE);
            peer.append(to);
            for (final int length : new int[] {8, 5000, LARGE, 8, LARGE}) {
                final byte[] data = Memory.pattern(length, length);
                final MemorySegment from = arena.allocate(length);
                Memory.fill(from, 0, data);
                to.fill((byte) 0);
                try (Party process = open()) {
                    final MemoryDescriptor md = process.bind(from);
                    process.ni.put(md, 0, length, AckRequest.NO_ACK, peer.ni.id(), 0, 0, 0, 1, 1);
                    assertEquals(NiFail.OK, process.next().niFail());
                }
                final Event event = peer.next();
                assertEquals(EventKind.PUT, event.kind());
                assertEquals(NiFail.OK, event.niFail(), length + " bytes: " + event);
                assertEquals(length, event.mlength());
                Memory.assertBytes(data, to, 0, "put of " + length);
            }
        }
    }

    /** Messages to a process whose interface is not open yet wait for it. */
    @Test
    void interfaceOpensLate() throws Exception {
        try (Party process = open();
                Portals late = Portals.open(newContext())) {
            final MemoryDescriptor md = process.bind(arena.allocate(8));
            process.ni.put(md, 0, 8, AckRequest.ACK, late.id(), 0, 0, 0, 1, 1);
            Thread.sleep(50);
            final NetworkInterface ni = late.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            assertEquals(EventKind.SEND, process.next().kind());
            final Event ack = process.next();
            assertEquals(EventKind.ACK, ack.kind());
            assertEquals(NiFail.DROPPED, ack.niFail(), "it opened, and had no portal yet");
            ni.close();
        }
    }

    @Test
    void openAndCloseLeaveNothingBehind() throws InterruptedException {
        cycle();
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int i = 0; i < 20; i++) {
            cycle();
        }
        final long deadline = System.nanoTime() + DEADLINE_NS;
        Set<Thread> more = newThreads(before);
        while (!more.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(20);
            more = newThreads(before);
        }
        assertEquals(Set.of(), more, "threads left behind");
    }

    private void cycle() {
        try (Party process = open()) {
            ping(process);
        }
    }

    private static Set<Thread> newThreads(final Set<Thread> before) {
        final Set<Thread> more = new HashSet<>(Thread.getAllStackTraces().keySet());
        more.removeAll(before);
        more.removeIf(thread -> thread.getName().startsWith("junit"));
        return more;
    }

    /** A put to a new peer goes through. */
    private void ping(final Party process) {
        try (Party peer = open();
                Arena own = Arena.ofShared()) {
            peer.append(own.allocate(8));
            final MemoryDescriptor md = process.bind(own.allocate(8));
            process.ni.put(md, 0, 8, AckRequest.ACK, peer.ni.id(), 0, 0, 0, 999, 0);
            assertEquals(NiFail.OK, process.next().niFail());
            final Event ack = process.next();
            assertEquals(EventKind.ACK, ack.kind(), ack::toString);
            assertEquals(NiFail.OK, ack.niFail(), ack::toString);
            assertEquals(NiFail.OK, peer.next().niFail());
            md.close();
        }
    }

    private static void issue(
            final Party process, final MemoryDescriptor md, final ProcessId peer, final int i) {
        final int length = i % 3 == 0 ? LARGE : 8;
        if (i % 4 == 3) {
            process.ni.get(md, 0, length, peer, 0, 0, 0, i);
        } else {
            process.ni.put(md, 0, length, AckRequest.ACK, peer, 0, 0, 0, i, i);
        }
    }

    /** Counts an event; 1 if it ended its operation. */
    private static int count(final Event event, final int[] sends, final int[] ends) {
        final int i = (int) event.userData();
        if (event.kind() == EventKind.SEND) {
            sends[i]++;
            if (event.niFail() == NiFail.OK) {
                return 0;
            }
        }
        ends[i]++;
        return 1;
    }
}

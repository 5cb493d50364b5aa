package org.portals4j.loopback.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.ProgressMode;
import org.portals4j.ReturnCode;
import org.portals4j.loopback.LoopbackFabric;
import org.portals4j.loopback.SimulatedFabric;
import org.portals4j.loopback.SimulationProfile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** How single operations end; cases that the simulation has found. */
final class EngineEndingTest {
    private static final long MILLI = 1_000_000;
    private static final long CONNECT_TIMEOUT = 100 * MILLI;
    private static final int LARGE = 5_000;

    private final SimulatedFabric fabric = LoopbackFabric.simulated(1, SimulationProfile.GENTLE);
    private final SplittableRandom random = new SplittableRandom(1);
    private final Event event = new Event();
    private Portals initiator;
    private Portals target;
    private NetworkInterface ni;
    private NetworkInterface remote;
    private EventQueue queue;

    @BeforeEach
    void open() {
        initiator = open(1);
        target = open(2);
        ni = initiator.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        remote = target.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        queue = ni.allocateEventQueue(16);
        remote.allocatePortal(OptionSet.none(), null, 0)
                .append(
                        new MatchEntry(
                                MemorySegment.ofArray(new byte[LARGE]),
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET),
                        ListKind.PRIORITY,
                        1);
    }

    private Portals open(final int pid) {
        return Portals.open(
                new Portals.Context()
                        .transport("loopback")
                        .transportResource(fabric)
                        .pid(pid)
                        .progressMode(ProgressMode.INVOKER)
                        .clock(fabric.clock())
                        .random(random.split())
                        .waiter((idleTurns, maxNanos) -> turn(true))
                        .eagerLimit(16)
                        .windowBytes(2 * LARGE)
                        .peerCredit(1)
                        .connectTimeoutNs(CONNECT_TIMEOUT)
                        .peerTimeoutNs(100 * CONNECT_TIMEOUT));
    }

    @AfterEach
    void close() {
        initiator.close();
        target.close();
    }

    private void turn(final boolean both) {
        initiator.progress();
        if (both) {
            target.progress();
        }
        fabric.advance(MILLI / 100);
    }

    private void run(final long nanos, final boolean both) {
        for (long until = fabric.clock().getAsLong() + nanos;
                fabric.clock().getAsLong() < until; ) {
            turn(both);
        }
    }

    private EventKind await() {
        for (int i = 0; i < 100_000; i++) {
            if (queue.get(event) == ReturnCode.OK) {
                return event.kind();
            }
            turn(true);
        }
        throw new AssertionError("no event");
    }

    private MemoryDescriptor bind(final MemorySegment memory) {
        return ni.bind(MemoryDescriptor.of(memory).eventQueue(queue));
    }

    private void put(final MemoryDescriptor md, final AckRequest ack, final long userData) {
        ni.put(md, 0, md.length(), ack, target.id(), 0, 0, 0, userData, 0);
    }

    @Test
    void shouldFreeTheDescriptorOfALargePutWithoutAckWithItsSend() {
        final MemoryDescriptor md = bind(MemorySegment.ofArray(new byte[LARGE]));
        put(md, AckRequest.NO_ACK, 1);

        assertEquals(EventKind.SEND, await());
        assertTrue(initiator.describe().contains("in flight 1"), "the target has not answered");
        assertEquals(ReturnCode.OK, md.release());

        run(MILLI, true);
        assertTrue(initiator.describe().contains("in flight 0"), "the target has answered");
        assertEquals(ReturnCode.EQ_EMPTY, queue.get(event));
    }

    @Test
    void shouldTellThatNothingWasMovedWhereTheMemoryOfAGetIsGone() {
        try (Arena arena = Arena.ofConfined()) {
            ni.get(bind(arena.allocate(100)), 0, 100, target.id(), 0, 0, 0, 1);
        }

        assertEquals(EventKind.REPLY, await());
        assertEquals(NiFail.SEGV, event.niFail());
        assertEquals(0, event.mlength());
    }

    @Test
    void shouldNotCountTheWaitForCreditAsWaitForTheInterface() {
        final MemoryDescriptor md = bind(MemorySegment.ofArray(new byte[8]));
        put(md, AckRequest.ACK, 1);
        assertEquals(EventKind.SEND, await());
        assertEquals(EventKind.ACK, await());

        put(md, AckRequest.ACK, 2);
        put(md, AckRequest.ACK, 3); // there is one credit: it waits for the answer to the second
        run(2 * CONNECT_TIMEOUT, false);
        remote.close();
        run(CONNECT_TIMEOUT / 2, true);
        remote = target.networkInterface(InterfaceKind.MATCHING_PHYSICAL);

        assertEquals(EventKind.SEND, await());
        assertEquals(EventKind.ACK, await());
        assertEquals(2, event.userData());
        assertEquals(NiFail.UNDELIVERABLE, event.niFail()); // it met the closed interface
        assertEquals(EventKind.SEND, await());
        assertEquals(NiFail.OK, event.niFail());
        assertEquals(EventKind.ACK, await());
        assertEquals(3, event.userData());
        assertEquals(NiFail.DROPPED, event.niFail()); // it met the new one, which has no portal
    }
}

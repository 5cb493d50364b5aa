package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.ListKind;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What ends when, and what happens to those who do not know yet. */
abstract class LifetimeConformance extends ConformanceTest {
    LifetimeConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void descriptorIsReleasedWhenIdle() {
        link(entry(arena.allocate(60_000), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        for (int i = 0; i < 50; i++) {
            final MemoryDescriptor md = bind(arena.allocate(60_000));
            final int length = i % 2 == 0 ? 60_000 : 8;
            if (i % 3 == 0) {
                getReplied(md, length, 0, 0, i);
            } else {
                putAcked(md, length, 0, 0, i);
            }
            assertEquals(ReturnCode.OK, md.release(), this::history);
            assertEquals(ReturnCode.OK, md.release());
            md.close();
        }
    }

    /** Close waits for operations, and every one of them ends before it returns. */
    @Test
    void descriptorCloseAwaitsOperations() {
        link(entry(arena.allocate(600_000), EntryOption.OP_PUT), 1);
        for (int i = 0; i < 20; i++) {
            final MemoryDescriptor md = bind(arena.allocate(600_000));
            put(md, 600_000, AckRequest.ACK, 0, 0, i);
            md.close();
            final Event event = new Event();
            assertEquals(ReturnCode.OK, initiatorQueue.get(event), this::history);
            assertEquals(EventKind.SEND, event.kind());
            assertEquals(ReturnCode.OK, initiatorQueue.get(event), this::history);
            assertEquals(EventKind.ACK, event.kind());
        }
    }

    @Test
    void releaseWhileInUse() {
        try (Portals lonely = Portals.open(newContext().connectTimeoutNs(300_000_000L));
                NetworkInterface ni = lonely.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final ProcessId nobody = nobody();
            final EventQueue queue = ni.allocateEventQueue(8);
            final MemoryDescriptor md =
                    ni.bind(MemoryDescriptor.of(arena.allocate(8)).eventQueue(queue));
            ni.put(md, 0, 8, AckRequest.NO_ACK, nobody, 0, 0, 0, 1, 0);
            assertEquals(ReturnCode.IN_USE, md.release());
            final Event event = new Event();
            assertEquals(ReturnCode.OK, queue.await(event, deadlineNs()));
            assertEquals(EventKind.SEND, event.kind());
            assertEquals(NiFail.UNDELIVERABLE, event.niFail());
            assertEquals(ReturnCode.OK, md.release());
        }
    }

    @Test
    void useAfterClose() {
        final MemoryDescriptor md = bind(arena.allocate(8));
        md.close();
        assertGone(() -> put(md, 8, AckRequest.NO_ACK, 0, 0, 0));
        assertGone(() -> get(md, 8, 0, 0, 0));
        final EventQueue queue = initiator.allocateEventQueue(4);
        queue.close();
        assertGone(() -> queue.get(new Event()));
        assertGone(() -> initiator.bind(MemoryDescriptor.of().eventQueue(queue)));
        final CountingEvent ct = initiator.allocateCountingEvent();
        ct.close();
        assertGone(() -> ct.set(1, 0));
        assertGone(() -> ct.increment(1, 0));
        assertGone(() -> initiator.bind(MemoryDescriptor.of().counter(ct)));
        final PortalTableEntry freed =
                target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
        freed.close();
        final MemorySegment memory = arena.allocate(8);
        assertGone(() -> freed.append(entry(memory), ListKind.PRIORITY, 0));
        assertQuiet();
    }

    @Test
    void useAfterInterfaceClose() {
        final MemoryDescriptor md = bind(arena.allocate(8));
        final NetworkInterface closed = initiator;
        final MemorySegment memory = arena.allocate(8);
        final ProcessId peer = target.id();
        reopenInterfaces(Limits.DEFAULTS);
        assertGone(() -> closed.put(md, 0, 8, AckRequest.NO_ACK, peer, 0, 0, 0, 0, 0));
        assertGone(closed::allocateCountingEvent);
        assertGone(() -> closed.allocateEventQueue(4));
        assertGone(() -> closed.bind(MemoryDescriptor.of(memory)));
        closed.close();
        openObjects();
        assertQuiet();
    }

    /** What was of a closed interface is gone, and a new one starts from nothing. */
    @Test
    void interfaceStartsAnew() {
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        putAcked(md, 8, 0, 0, 2);
        reopenInterfaces(Limits.DEFAULTS);
        openObjects();
        assertEquals(0, portal.index());
        assertRegisters(0, 0, 0);
        putRefused(bind(arena.allocate(8)), 8, 0, 4, NiFail.DROPPED);
        assertRegisters(1, 0, 0);
        assertQuiet();
    }

    @Test
    void useAfterInstanceClose() {
        final Portals other = Portals.open(newContext());
        final NetworkInterface ni = other.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        other.close();
        other.close();
        ni.close();
        final PortalsException e =
                assertThrows(
                        PortalsException.class,
                        () -> other.networkInterface(InterfaceKind.MATCHING_PHYSICAL));
        assertEquals(ReturnCode.NO_INIT, e.code());
        assertGone(ni::allocateCountingEvent);
    }

    /** Memory of a confined arena is out of reach of the progress thread. */
    @Test
    void confinedMemoryIsRefused() {
        try (Arena confined = Arena.ofConfined()) {
            final MemorySegment memory = confined.allocate(8);
            assertRefused(ReturnCode.ARG_INVALID, () -> bind(memory));
            assertRefused(
                    ReturnCode.ARG_INVALID,
                    () -> portal.append(entry(memory), ListKind.PRIORITY, 1));
        }
        assertQuiet();
    }

    @Test
    void closedMemoryIsRefused() {
        final Arena gone = sharedArena();
        final MemorySegment memory = gone.allocate(8);
        gone.close();
        assertThrows(PortalsException.class, () -> bind(memory));
        assertThrows(
                PortalsException.class, () -> portal.append(entry(memory), ListKind.PRIORITY, 1));
        assertQuiet();
    }

    /** The memory of a descriptor goes away: the put ends once, by an error or by events. */
    @Test
    void descriptorsArenaClosedBeforePut() {
        link(entry(arena.allocate(100_000), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        for (final int length : new int[] {8, 100_000}) {
            final Arena own = sharedArena();
            final MemoryDescriptor md = bind(own.allocate(length));
            own.close();
            boolean refused = false;
            try {
                put(md, length, AckRequest.ACK, 0, 0, 7);
            } catch (final PortalsException e) {
                refused = true;
            }
            if (!refused) {
                assertPutEnds(7);
            }
            md.close();
            assertUsable();
        }
    }

    @Test
    void descriptorsArenaClosedDuringPut() {
        link(entry(arena.allocate(1_000_000), EntryOption.OP_PUT), 1);
        for (int i = 0; i < 20; i++) {
            final Arena own = sharedArena();
            final MemoryDescriptor md = bind(own.allocate(1_000_000));
            put(md, 1_000_000, AckRequest.ACK, 0, 0, i);
            closeWhenPossible(own);
            assertPutEnds(i);
            md.close();
            assertUsable();
        }
    }

    @Test
    void entrysArenaClosed() {
        for (final int length : new int[] {8, 100_000}) {
            final Arena own = sharedArena();
            final long handle =
                    link(entry(own.allocate(length), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
            own.close();
            final MemoryDescriptor md = bind(arena.allocate(length));
            put(md, length, AckRequest.ACK, 0, 0, 7);
            assertTrue(assertPutEnds(7) != NiFail.OK, this::history);
            get(md, length, 0, 0, 8);
            final Event reply = next(initiatorQueue);
            assertEquals(EventKind.REPLY, reply.kind(), this::history);
            assertTrue(reply.niFail() != NiFail.OK, this::history);
            md.close();
            assertUsable();
            assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
        }
    }

    /** Reads the events of one put with an ACK until it has ended; returns how. */
    private NiFail assertPutEnds(final long user) {
        final Event send = next(initiatorQueue);
        assertEquals(EventKind.SEND, send.kind(), this::history);
        assertEquals(user, send.userData(), this::history);
        if (send.niFail() != NiFail.OK) {
            return send.niFail();
        }
        final Event ack = next(initiatorQueue);
        assertEquals(EventKind.ACK, ack.kind(), this::history);
        assertEquals(user, ack.userData(), this::history);
        return ack.niFail();
    }

    private static void closeWhenPossible(final Arena own) {
        boolean closed = false;
        while (!closed) {
            try {
                own.close();
                closed = true;
            } catch (final IllegalStateException e) {
                Thread.onSpinWait(); // a copy holds it for a moment
            }
        }
    }

    /**
     * The name of a process that existed and is gone: call it while those who might get it are
     * open.
     */
    private ProcessId nobody() {
        try (Portals gone = Portals.open(newContext())) {
            return gone.id();
        }
    }

    private static void assertGone(final Executable call) {
        final PortalsException e = assertThrows(PortalsException.class, call);
        assertTrue(
                e.code() == ReturnCode.ARG_INVALID || e.code() == ReturnCode.NO_INIT, e::toString);
    }
}

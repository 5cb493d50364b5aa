package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.CountingEvent;
import org.portals4j.Datatype;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.ListKind;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** PtlAtomic, PtlFetchAtomic and PtlSwap: events, counts, permissions, truncation, errors. */
abstract class AtomicConformance extends AtomicTest {
    AtomicConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @ParameterizedTest
    @EnumSource(AckRequest.class)
    void atomicReportsAsAPut(final AckRequest ack) {
        final MemorySegment to = longs(1, 2, 3);
        link(entry(to, EntryOption.OP_PUT), 9);
        final MemoryDescriptor md = bind(longs(10, 20), MdOption.EVENT_CT_ACK);
        sum(md, 16, ack, 0, 8, 4);
        expect(initiatorQueue, EventKind.SEND, 4);
        if (ack == AckRequest.ACK) {
            assertEquals(16, expect(initiatorQueue, EventKind.ACK, 4).mlength());
        }
        final Event event = expect(targetQueue, EventKind.ATOMIC, 9);
        assertEquals(AtomicOperation.SUM, event.atomicOperation());
        assertEquals(Datatype.INT64, event.datatype());
        assertEquals(77, event.headerData());
        assertEquals(16, event.rlength());
        assertEquals(16, event.mlength());
        assertEquals(8, event.startOffset());
        awaitCount(counter, ack == AckRequest.NO_ACK ? 0 : 1, 0);
        assertQuiet();
        assertEquals(-1, to.mismatch(longs(1, 12, 23)));
    }

    /** SEND belongs to the put descriptor, REPLY to the get descriptor, the counts too. */
    @Test
    void fetchReportsSendAndReply() {
        final MemorySegment to = longs(1, 2);
        final CountingEvent entries = target.allocateCountingEvent();
        link(open(to, EntryOption.EVENT_CT_COMM).counter(entries), 9);
        final CountingEvent replies = initiator.allocateCountingEvent();
        final MemoryDescriptor from =
                bind(longs(10, 20), MdOption.EVENT_CT_SEND, MdOption.EVENT_CT_REPLY);
        final MemorySegment found = arena.allocate(16);
        final MemoryDescriptor into =
                initiator.bind(
                        MemoryDescriptor.of(found)
                                .options(
                                        MdOption.EVENT_CT_SEND,
                                        MdOption.EVENT_CT_REPLY,
                                        MdOption.EVENT_CT_BYTES)
                                .eventQueue(initiatorQueue)
                                .counter(replies));
        fetchSum(into, 0, from, 16, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        final Event reply = expect(initiatorQueue, EventKind.REPLY, 3);
        assertEquals(16, reply.mlength());
        final Event event = expect(targetQueue, EventKind.FETCH_ATOMIC, 9);
        assertEquals(AtomicOperation.SUM, event.atomicOperation());
        assertEquals(78, event.headerData());
        awaitCount(counter, 1, 0);
        awaitCount(replies, 16, 0);
        awaitCount(entries, 1, 0);
        assertEquals(-1, to.mismatch(longs(11, 22)));
        assertEquals(-1, found.mismatch(longs(1, 2)));
        swap(into, from, 16, null, AtomicOperation.SWAP, Datatype.UINT8);
        expect(initiatorQueue, EventKind.SEND, 5);
        expect(initiatorQueue, EventKind.REPLY, 5);
        final Event swapped = expect(targetQueue, EventKind.FETCH_ATOMIC, 9);
        assertEquals(AtomicOperation.SWAP, swapped.atomicOperation());
        assertEquals(Datatype.UINT8, swapped.datatype());
        assertEquals(-1, to.mismatch(longs(10, 20)));
        assertEquals(-1, found.mismatch(longs(11, 22)));
        assertEquals(ReturnCode.OK, from.release());
        assertEquals(ReturnCode.OK, into.release());
        assertQuiet();
    }

    @Test
    void entriesPermitOperations() {
        final MemorySegment to = longs(1);
        link(entry(to, EntryOption.OP_GET).matchBits(1), 1);
        final MemorySegment found = longs(-1);
        final MemoryDescriptor md = bind(found);
        sum(md, 8, AckRequest.ACK, 1, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        expect(initiatorQueue, EventKind.ACK, 2, NiFail.OP_VIOLATION);
        for (final EntryOption only : new EntryOption[] {EntryOption.OP_PUT, EntryOption.OP_GET}) {
            final long handle = link(entry(to, only), 3);
            fetchSum(md, 0, md, 8, 4);
            expect(initiatorQueue, EventKind.SEND, 4);
            final Event reply = expect(initiatorQueue, EventKind.REPLY, 4, NiFail.OP_VIOLATION);
            assertEquals(0, reply.mlength());
            assertEquals(ReturnCode.OK, portal.unlink(handle));
        }
        assertRegisters(0, 0, 3);
        assertQuiet();
        assertEquals(1, to.get(LONG, 0));
        assertEquals(-1, found.get(LONG, 0));
        assertEquals(ReturnCode.OK, md.release());
    }

    @Test
    void refusedWithoutAMatch() {
        final MemoryDescriptor md = bind(longs(1), MdOption.EVENT_CT_ACK, MdOption.EVENT_CT_REPLY);
        sum(md, 8, AckRequest.CT_ACK, 1, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        awaitCount(counter, 0, 1);
        fetchSum(md, 0, md, 8, 4);
        expect(initiatorQueue, EventKind.SEND, 4);
        expect(initiatorQueue, EventKind.REPLY, 4, NiFail.DROPPED);
        awaitCount(counter, 0, 2);
        assertQuiet();
        assertRegisters(2, 0, 0);
    }

    @Test
    void unexpectedHeaders() {
        final MemorySegment to = longs(1);
        link(open(to), ListKind.OVERFLOW, 1);
        final MemoryDescriptor md = bind(longs(4));
        sum(md, 8, AckRequest.NO_ACK, 0, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        fetchSum(md, 0, md, 8, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        assertEquals(ListKind.OVERFLOW, expect(initiatorQueue, EventKind.REPLY, 3).list());
        expect(targetQueue, EventKind.ATOMIC, 1);
        expect(targetQueue, EventKind.FETCH_ATOMIC, 1);
        portal.append(open(longs(0)), ListKind.PRIORITY, 6);
        final Event first = expect(targetQueue, EventKind.ATOMIC_OVERFLOW, 6);
        assertEquals(AtomicOperation.SUM, first.atomicOperation());
        assertEquals(Datatype.INT64, first.datatype());
        assertEquals(to.address(), first.start().address());
        assertEquals(78, expect(targetQueue, EventKind.FETCH_ATOMIC_OVERFLOW, 6).headerData());
        expect(targetQueue, EventKind.LINK, 6);
        assertEquals(9, to.get(LONG, 0));
        assertQuiet();
    }

    /** Truncated data changes whole elements only; a reply has all bytes of what matched. */
    @Test
    void truncation() {
        final MemorySegment to = longs(1, 2).asSlice(0, 12);
        link(open(to), 1);
        final MemorySegment found = longs(-1, -1, -1);
        final MemoryDescriptor into = bind(found);
        final MemoryDescriptor from = bind(longs(10, 20, 30));
        sum(from, 24, AckRequest.ACK, 0, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        assertEquals(12, expect(initiatorQueue, EventKind.ACK, 2).mlength());
        final Event event = expect(targetQueue, EventKind.ATOMIC, 1);
        assertEquals(24, event.rlength());
        assertEquals(12, event.mlength());
        fetchSum(into, 0, from, 24, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        assertEquals(12, expect(initiatorQueue, EventKind.REPLY, 3).mlength());
        expect(targetQueue, EventKind.FETCH_ATOMIC, 1);
        assertEquals(21, to.get(LONG, 0));
        assertEquals(2, to.get(ValueLayout.JAVA_INT_UNALIGNED, 8));
        assertEquals(-1, found.mismatch(longs(11, 2 | -1L << 32, -1)));
        sum(from, 24, AckRequest.ACK, 0, 100, 4);
        expect(initiatorQueue, EventKind.SEND, 4);
        assertEquals(0, expect(initiatorQueue, EventKind.ACK, 4).mlength());
        expect(targetQueue, EventKind.ATOMIC, 1);
    }

    @Test
    void entriesUsedOnceAndManagedLocally() {
        final MemorySegment to = longs(1, 2, 3);
        link(entry(to, EntryOption.OP_PUT, EntryOption.USE_ONCE).matchBits(1), 1);
        link(entry(to, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL).minFree(8), 2);
        final MemoryDescriptor md = bind(longs(10));
        for (final long bits : new long[] {1, 0, 0, 0}) {
            sum(md, 8, AckRequest.ACK, bits, 0, 3);
            expect(initiatorQueue, EventKind.SEND, 3);
            expect(initiatorQueue, EventKind.ACK, 3);
        }
        expect(targetQueue, EventKind.ATOMIC, 1);
        expect(targetQueue, EventKind.AUTO_UNLINK, 1);
        for (int i = 0; i < 3; i++) {
            assertEquals(8L * i, expect(targetQueue, EventKind.ATOMIC, 2).startOffset());
        }
        expect(targetQueue, EventKind.AUTO_UNLINK, 2);
        assertEquals(-1, to.mismatch(longs(21, 12, 13)));
        assertQuiet();
    }

    @Test
    void limitsAreExact() {
        final long most = initiator.limits().maxAtomicSize();
        assertTrue(most >= 512, () -> "max_atomic_size=" + most);
        assertTrue(initiator.limits().maxFetchAtomicSize() >= 512);
        exchange(most);
        reopenInterfaces(Limits.builder().maxAtomicSize(24).maxFetchAtomicSize(16).build());
        openObjects();
        exchange(16);
        final MemoryDescriptor md = bind(arena.allocate(64));
        assertRefused(ReturnCode.ARG_INVALID, () -> sum(md, 25, AckRequest.NO_ACK, 0, 0, 0));
        assertRefused(ReturnCode.ARG_INVALID, () -> fetchSum(md, 0, md, 17, 0));
    }

    private void exchange(final long length) {
        final MemorySegment to = arena.allocate(length).fill((byte) 1);
        link(open(to), 1);
        final MemorySegment found = arena.allocate(length);
        final MemoryDescriptor into = bind(found);
        final MemoryDescriptor from = bind(arena.allocate(length).fill((byte) 2));
        sum(from, length, AckRequest.ACK, 0, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        expect(initiatorQueue, EventKind.ACK, 2);
        fetchSum(into, 0, from, length, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        assertEquals(length, expect(initiatorQueue, EventKind.REPLY, 3).mlength());
        assertEquals(-1, found.mismatch(arena.allocate(length).fill((byte) 3)));
        assertEquals(-1, to.mismatch(arena.allocate(length).fill((byte) 5)));
    }

    /** Nobody is there: SEND and REPLY both fail, and both descriptors are free again. */
    @Test
    void undeliverable() {
        final long second = 1_000_000_000;
        try (Portals process =
                Portals.open(newContext().connectTimeoutNs(second).peerTimeoutNs(2 * second))) {
            final ProcessId nobody;
            try (Portals gone = Portals.open(newContext())) {
                nobody = gone.id();
            }
            final NetworkInterface ni = process.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            final EventQueue queue = ni.allocateEventQueue(16);
            final MemoryDescriptor from = ni.bind(MemoryDescriptor.of(longs(1)).eventQueue(queue));
            final MemoryDescriptor into = ni.bind(MemoryDescriptor.of(longs(1)).eventQueue(queue));
            final AtomicOperation sum = AtomicOperation.SUM;
            ni.fetchAtomic(into, 0, from, 0, 8, nobody, 0, 0, 0, 4, 0, sum, Datatype.INT64);
            expect(queue, EventKind.SEND, 4, NiFail.UNDELIVERABLE);
            expect(queue, EventKind.REPLY, 4, NiFail.UNDELIVERABLE);
            assertEquals(ReturnCode.OK, from.release());
            assertEquals(ReturnCode.OK, into.release());
        }
    }

    @Test
    void closedMemoryEndsWithSegv() {
        final Arena gone = sharedArena();
        final MemoryDescriptor into = bind(longs(1));
        final MemoryDescriptor from = bind(gone.allocate(8));
        link(open(gone.allocate(8)), 1);
        gone.close();
        sum(from, 8, AckRequest.ACK, 0, 0, 2);
        expect(initiatorQueue, EventKind.SEND, 2, NiFail.SEGV);
        fetchSum(into, 0, from, 8, 3);
        expect(initiatorQueue, EventKind.SEND, 3, NiFail.SEGV);
        expect(initiatorQueue, EventKind.REPLY, 3, NiFail.SEGV);
        fetchSum(into, 0, into, 8, 4);
        expect(initiatorQueue, EventKind.SEND, 4);
        assertEquals(0, expect(initiatorQueue, EventKind.REPLY, 4, NiFail.SEGV).mlength());
        expect(targetQueue, EventKind.FETCH_ATOMIC, 1, NiFail.SEGV);
        assertQuiet();
    }

    @Test
    void syncNeedsAnInstance() {
        targetPortals.atomicSync();
        final Portals other = Portals.open(newContext());
        other.close();
        assertRefused(ReturnCode.NO_INIT, other::atomicSync);
    }
}

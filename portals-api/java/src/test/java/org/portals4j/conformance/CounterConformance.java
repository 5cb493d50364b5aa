package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;

/** Which options suppress which full events, and which make which counters count what. */
abstract class CounterConformance extends ConformanceTest {
    private static final int LENGTH = 100;
    private static final int LARGE = 50_000;
    private static final int[] LENGTHS = {LENGTH, LARGE};

    CounterConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    // ---- initiator ----

    @Test
    void successDisableHidesSuccessOnly() {
        link(entry(arena.allocate(LARGE), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemoryDescriptor md =
                bind(
                        arena.allocate(LARGE),
                        MdOption.EVENT_SUCCESS_DISABLE,
                        MdOption.EVENT_CT_ACK,
                        MdOption.EVENT_CT_REPLY);
        for (final int length : LENGTHS) {
            counter.set(0, 0);
            put(md, length, AckRequest.ACK, 0, 0, 2);
            expect(targetQueue, EventKind.PUT, 1);
            awaitCount(counter, 1, 0);
            get(md, length, 0, 0, 3);
            expect(targetQueue, EventKind.GET, 1);
            awaitCount(counter, 2, 0);
            assertQuiet();
            put(md, length, AckRequest.ACK, 99, 0, 4);
            expect(initiatorQueue, EventKind.ACK, 4, NiFail.DROPPED);
            get(md, length, 99, 0, 5);
            expect(initiatorQueue, EventKind.REPLY, 5, NiFail.DROPPED);
            assertQuiet();
            awaitCount(counter, 2, 2);
        }
    }

    @Test
    void sendDisableHidesSend() {
        link(entry(arena.allocate(LARGE), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md =
                bind(arena.allocate(LARGE), MdOption.EVENT_SEND_DISABLE, MdOption.EVENT_CT_SEND);
        for (final int length : LENGTHS) {
            counter.set(0, 0);
            put(md, length, AckRequest.ACK, 0, 0, 2);
            expect(initiatorQueue, EventKind.ACK, 2);
            expect(targetQueue, EventKind.PUT, 1);
            awaitCount(counter, 1, 0);
            put(md, length, AckRequest.NO_ACK, 0, 0, 3);
            expect(targetQueue, EventKind.PUT, 1);
            awaitCount(counter, 2, 0);
            assertQuiet();
        }
    }

    @Test
    void sendCounts() {
        link(entry(arena.allocate(10), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE), MdOption.EVENT_CT_SEND);
        for (int i = 1; i <= 2; i++) {
            putAcked(md, LENGTHS[i - 1], 0, 0, i);
            awaitCount(counter, i, 0);
        }
        putRefused(md, LENGTH, 99, 3, NiFail.DROPPED);
        awaitCount(counter, 3, 0);
    }

    /** SEND counts the length asked for, though only ten bytes fit the entry. */
    @Test
    void sendCountsRequestedBytes() {
        link(entry(arena.allocate(10), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md =
                bind(arena.allocate(LARGE), MdOption.EVENT_CT_SEND, MdOption.EVENT_CT_BYTES);
        long sum = 0;
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            sum += length;
            awaitCount(counter, sum, 0);
        }
    }

    /** ACK and REPLY count the length moved, whatever the kind of acknowledgement. */
    @Test
    void ackAndReplyCountMovedBytes() {
        link(entry(arena.allocate(10), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemoryDescriptor md =
                bind(
                        arena.allocate(LARGE),
                        MdOption.EVENT_CT_ACK,
                        MdOption.EVENT_CT_REPLY,
                        MdOption.EVENT_CT_BYTES);
        long sum = 0;
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            sum += 10;
            awaitCount(counter, sum, 0);
            put(md, length, AckRequest.CT_ACK, 0, 3, 3);
            expect(initiatorQueue, EventKind.SEND, 3);
            sum += 7;
            awaitCount(counter, sum, 0);
            getReplied(md, length, 0, 6, 4);
            sum += 4;
            awaitCount(counter, sum, 0);
        }
        putRefused(md, LENGTH, 99, 5, NiFail.DROPPED);
        awaitCount(counter, sum, 1);
    }

    @Test
    void nothingCountsWithoutAnOption() {
        link(entry(arena.allocate(LARGE), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE));
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            getReplied(md, length, 0, 0, 3);
        }
        assertCount(counter, 0, 0);
    }

    /** Counters work without any event queue. */
    @Test
    void countersWithoutQueues() {
        final PortalTableEntry silent =
                target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
        final CountingEvent puts = target.allocateCountingEvent();
        silent.append(
                entry(
                                arena.allocate(LARGE),
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET,
                                EntryOption.EVENT_CT_COMM)
                        .counter(puts),
                ListKind.PRIORITY,
                1);
        final MemoryDescriptor md =
                initiator.bind(
                        MemoryDescriptor.of(arena.allocate(LARGE))
                                .options(MdOption.EVENT_CT_ACK, MdOption.EVENT_CT_REPLY)
                                .counter(counter));
        long operations = 0;
        for (final int length : LENGTHS) {
            initiator.put(
                    md, 0, length, AckRequest.CT_ACK, target.id(), silent.index(), 0, 0, 0, 0);
            initiator.get(md, 0, length, target.id(), silent.index(), 0, 0, 0);
            operations += 2;
            awaitCount(counter, operations, 0);
            awaitCount(puts, operations, 0);
        }
    }

    // ---- target ----

    @Test
    void commCounts() {
        final CountingEvent ct = target.allocateCountingEvent();
        link(
                entry(
                                arena.allocate(LARGE),
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET,
                                EntryOption.EVENT_CT_COMM)
                        .counter(ct),
                1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE));
        int count = 0;
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            expect(targetQueue, EventKind.PUT, 1);
            awaitCount(ct, ++count, 0);
            getReplied(md, length, 0, 0, 3);
            expect(targetQueue, EventKind.GET, 1);
            awaitCount(ct, ++count, 0);
        }
    }

    @Test
    void commCountsMovedBytes() {
        final CountingEvent ct = target.allocateCountingEvent();
        link(
                entry(
                                arena.allocate(40),
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET,
                                EntryOption.EVENT_CT_COMM,
                                EntryOption.EVENT_CT_BYTES)
                        .counter(ct),
                1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE));
        int sum = 0;
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            awaitCount(ct, sum += 40, 0);
            getReplied(md, length, 0, 15, 3);
            awaitCount(ct, sum += 25, 0);
            putAcked(md, 0, 0, 0, 4);
            awaitCount(ct, sum, 0);
        }
    }

    @Test
    void commDisableHidesEventsNotCounts() {
        disabledEvents(EntryOption.EVENT_COMM_DISABLE);
    }

    @Test
    void successDisableOfEntryHidesEventsNotCounts() {
        disabledEvents(EntryOption.EVENT_SUCCESS_DISABLE);
    }

    @Test
    void linkDisableHidesLink() {
        final MatchEntry entry =
                entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE);
        portal.append(entry, ListKind.PRIORITY, 1);
        putAcked(bind(arena.allocate(8)), 8, 0, 0, 2);
        expect(targetQueue, EventKind.PUT, 1);
        assertQuiet();
    }

    @Test
    void unlinkDisableHidesAutoUnlinkAndAutoFree() {
        for (final ListKind list : ListKind.values()) {
            link(
                    entry(
                            arena.allocate(8),
                            EntryOption.OP_PUT,
                            EntryOption.USE_ONCE,
                            EntryOption.EVENT_UNLINK_DISABLE),
                    list,
                    1);
            putAcked(bind(arena.allocate(8)), 8, 0, 0, 2);
            expect(targetQueue, EventKind.PUT, 1);
            assertQuiet();
        }
        final MatchEntry entry =
                entry(
                        arena.allocate(8),
                        EntryOption.OP_PUT,
                        EntryOption.USE_ONCE,
                        EntryOption.EVENT_UNLINK_DISABLE);
        portal.append(entry, ListKind.PRIORITY, 3);
        expect(targetQueue, EventKind.PUT_OVERFLOW, 3);
        assertQuiet();
    }

    private void disabledEvents(final EntryOption option) {
        final CountingEvent ct = target.allocateCountingEvent();
        link(
                entry(
                                arena.allocate(LARGE),
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET,
                                EntryOption.EVENT_CT_COMM,
                                option)
                        .counter(ct),
                1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE));
        int count = 0;
        for (final int length : LENGTHS) {
            putAcked(md, length, 0, 0, 2);
            getReplied(md, length, 0, 0, 3);
            count += 2;
            awaitCount(ct, count, 0);
        }
        assertQuiet();
        assertEquals(8, putAcked(md, 8, 0, 0, 4).mlength());
    }
}

package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalOption;
import org.portals4j.PortalTableEntry;
import org.portals4j.ReturnCode;

/** Portal table entries: allocation, disabling, freeing. */
abstract class PortalConformance extends ConformanceTest {
    private static final OptionSet<PortalOption> NONE = OptionSet.none();

    PortalConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void anyIndexBeginsWithZero() {
        assertEquals(0, portal.index());
        for (int i = 1; i <= 3; i++) {
            final PortalTableEntry more =
                    target.allocatePortal(NONE, null, NetworkInterface.PT_ANY);
            assertEquals(i, more.index());
        }
    }

    @Test
    void explicitIndex() {
        final PortalTableEntry five = target.allocatePortal(NONE, targetQueue, 5);
        assertEquals(5, five.index());
        assertEquals(targetQueue, five.eventQueue());
        assertRefused(ReturnCode.PT_IN_USE, () -> target.allocatePortal(NONE, null, 5));
        assertRefused(ReturnCode.PT_IN_USE, () -> target.allocatePortal(NONE, null, 0));
        final int limit = target.limits().maxPtIndex();
        assertRefused(ReturnCode.ARG_INVALID, () -> target.allocatePortal(NONE, null, limit + 1));
        assertRefused(ReturnCode.ARG_INVALID, () -> target.allocatePortal(NONE, null, -2));
        assertEquals(limit, target.allocatePortal(NONE, null, limit).index());
        assertEquals(ReturnCode.OK, five.free());
        assertEquals(5, target.allocatePortal(NONE, null, 5).index());
    }

    @Test
    void portalsAreApart() {
        final PortalTableEntry other = target.allocatePortal(NONE, targetQueue, 9);
        final MatchEntry entry = entry(arena.allocate(8), EntryOption.OP_PUT);
        link(entry, 1);
        other.append(entry, ListKind.PRIORITY, 2);
        assertEquals(9, expect(targetQueue, EventKind.LINK, 2).portalIndex());
        final MemoryDescriptor md = bind(arena.allocate(8));
        initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 9, 0, 0, 3, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        expect(initiatorQueue, EventKind.ACK, 3);
        assertEquals(9, expect(targetQueue, EventKind.PUT, 2).portalIndex());
        putAcked(md, 8, 0, 0, 4);
        assertEquals(0, expect(targetQueue, EventKind.PUT, 1).portalIndex());
    }

    @Test
    void disabledPortalRefuses() {
        link(entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        for (int i = 1; i <= 3; i++) {
            portal.disable();
            putRefused(md, 8, 0, 2, NiFail.PT_DISABLED);
            get(md, 8, 0, 0, 3);
            expect(initiatorQueue, EventKind.REPLY, 3, NiFail.PT_DISABLED);
            assertRegisters(2L * i, 0, 0);
            portal.enable();
            putAcked(md, 8, 0, 0, 4);
            expect(targetQueue, EventKind.PUT, 1);
            getReplied(md, 8, 0, 0, 5);
            expect(targetQueue, EventKind.GET, 1);
        }
        assertQuiet();
    }

    /** When disable returns, what was accepted has completed and its events are there. */
    @Test
    void disableWaitsForWhatIsUnderWay() {
        link(entry(arena.allocate(200_000), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(200_000));
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 4; i++) {
                put(md, 200_000, AckRequest.ACK, 0, 0, i);
            }
            portal.disable();
            int accepted = 0;
            final Event event = new Event();
            while (targetQueue.get(event) == ReturnCode.OK) {
                note(targetQueue, event);
                assertEquals(EventKind.PUT, event.kind(), this::history);
                accepted++;
            }
            int succeeded = 0;
            int ended = 0;
            while (ended < 4) {
                final Event end = next(initiatorQueue);
                if (end.kind() == EventKind.ACK) {
                    ended++;
                    succeeded += end.niFail() == NiFail.OK ? 1 : 0;
                }
            }
            assertEquals(accepted, succeeded, this::history);
            portal.enable();
            assertQuiet();
        }
    }

    @Test
    void entriesMayBeAppendedWhileDisabled() {
        portal.disable();
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        putRefused(md, 8, 0, 2, NiFail.PT_DISABLED);
        portal.enable();
        putAcked(md, 8, 0, 0, 3);
        expect(targetQueue, EventKind.PUT, 1);
    }

    @Test
    void allocatedDisabled() {
        final PortalTableEntry closed =
                target.allocatePortal(OptionSet.of(PortalOption.ALLOC_DISABLED), targetQueue, 7);
        closed.append(entry(arena.allocate(8), EntryOption.OP_PUT), ListKind.PRIORITY, 1);
        expect(targetQueue, EventKind.LINK, 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 7, 0, 0, 2, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        expect(initiatorQueue, EventKind.ACK, 2, NiFail.PT_DISABLED);
        closed.enable();
        initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 7, 0, 0, 3, 3);
        expect(initiatorQueue, EventKind.SEND, 3);
        expect(initiatorQueue, EventKind.ACK, 3);
        expect(targetQueue, EventKind.PUT, 1);
    }

    /** The hints change nothing, not even for programs that break their promise. */
    @Test
    void hintsHaveNoEffect() {
        final PortalTableEntry hinted =
                target.allocatePortal(
                        OptionSet.of(PortalOption.ONLY_USE_ONCE, PortalOption.ONLY_TRUNCATE),
                        targetQueue,
                        7);
        hinted.append(
                entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.NO_TRUNCATE),
                ListKind.PRIORITY,
                1);
        expect(targetQueue, EventKind.LINK, 1);
        final MemoryDescriptor md = bind(arena.allocate(9));
        for (int i = 0; i < 2; i++) {
            initiator.put(md, 0, 8, AckRequest.ACK, target.id(), 7, 0, 0, 3, 3);
            expect(initiatorQueue, EventKind.SEND, 3);
            expect(initiatorQueue, EventKind.ACK, 3);
            expect(targetQueue, EventKind.PUT, 1);
        }
        initiator.put(md, 0, 9, AckRequest.ACK, target.id(), 7, 0, 0, 4, 4);
        expect(initiatorQueue, EventKind.SEND, 4);
        expect(initiatorQueue, EventKind.ACK, 4, NiFail.DROPPED);
    }

    @Test
    void freeWhileEntriesAreLinked() {
        final MatchEntry entry = entry(arena.allocate(8), EntryOption.OP_PUT);
        final long first = link(entry, ListKind.PRIORITY, 1);
        assertEquals(ReturnCode.PT_IN_USE, portal.free());
        final long second = link(entry, ListKind.OVERFLOW, 2);
        assertEquals(ReturnCode.OK, portal.unlink(first));
        assertEquals(ReturnCode.PT_IN_USE, portal.free());
        assertEquals(ReturnCode.OK, portal.unlink(second));
        assertEquals(ReturnCode.OK, portal.free());
        assertEquals(ReturnCode.OK, portal.free());
        putRefused(bind(arena.allocate(8)), 8, 0, 3, NiFail.DROPPED);
        assertRegisters(1, 0, 0);
    }

    @Test
    void freedPortalMayBeAllocatedAgain() {
        final int index = portal.index();
        final MemoryDescriptor md = bind(arena.allocate(8));
        for (int i = 0; i < 5; i++) {
            portal.close();
            portal.close();
            portal = target.allocatePortal(NONE, targetQueue, index);
            link(entry(arena.allocate(8), EntryOption.OP_PUT), i);
            putAcked(md, 8, 0, 0, 10 + i);
            expect(targetQueue, EventKind.PUT, i);
        }
        assertQuiet();
    }

    /** Close frees a portal with entries, headers and all. */
    @Test
    void closeIsNeverInUse() {
        link(entry(arena.allocate(100), EntryOption.OP_PUT), ListKind.OVERFLOW, 1);
        link(entry(arena.allocate(100), EntryOption.OP_PUT).matchBits(7), 2);
        final MemoryDescriptor md = bind(arena.allocate(8));
        putAcked(md, 8, 0, 0, 3);
        portal.close();
        putRefused(md, 8, 0, 4, NiFail.DROPPED);
        assertEquals(ReturnCode.OK, portal.free());
    }
}

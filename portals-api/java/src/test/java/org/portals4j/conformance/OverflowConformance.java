package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.Limits;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.EnumSet;

/** Messages that nobody expected yet: overflow entries, unexpected headers, and their owners. */
abstract class OverflowConformance extends ConformanceTest {
    private static final int LENGTH = 100_000;
    private static final long OVERFLOW = 100;
    private static final long OWNER = 200;

    private MemoryDescriptor md;
    private MemorySegment from;

    OverflowConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 60_000})
    void useOnceTakesOneHeaderAndIsNeverLinked(final int length) {
        final MemorySegment memory = overflow();
        final byte[] data = send(1, length, 5);
        final MatchEntry owner =
                entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.USE_ONCE).matchBits(5);
        final long handle = portal.append(owner, ListKind.PRIORITY, OWNER);
        final Event event = expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        assertEquals(1, event.headerData());
        assertEquals(5, event.matchBits());
        assertEquals(length, event.rlength());
        assertEquals(length, event.mlength());
        assertEquals(0, event.remoteOffset());
        assertEquals(initiator.id(), event.initiator());
        assertEquals(initiator.uid(), event.uid());
        assertEquals(portal.index(), event.portalIndex());
        assertEquals(ListKind.OVERFLOW, event.list());
        if (length > 0) {
            assertEquals(memory, event.memory(), "memory of the overflow entry");
            Memory.assertBytes(data, event.start(), 0, "overflow data");
        }
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        assertEquals(ReturnCode.ARG_INVALID, portal.unlink(handle));
        assertQuiet();
        send(2, length, 5);
        assertQuiet();
    }

    @Test
    void persistentTakesAllInOrderOfArrival() {
        overflow();
        for (int i = 0; i < 5; i++) {
            send(i, i == 2 ? 60_000 : 10 + i, i == 3 ? 8 : 5);
        }
        portal.append(owner().matchBits(5), ListKind.PRIORITY, OWNER);
        for (final int i : new int[] {0, 1, 2, 4}) {
            final Event event = expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
            assertEquals(i, event.headerData(), this::history);
        }
        expect(targetQueue, EventKind.LINK, OWNER);
        putAcked(md, 8, 5, 0, 9);
        expect(targetQueue, EventKind.PUT, OWNER);
        portal.append(owner().ignoreBits(-1), ListKind.PRIORITY, OWNER + 1);
        assertEquals(3, expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER + 1).headerData());
        expect(targetQueue, EventKind.LINK, OWNER + 1);
        assertQuiet();
    }

    @Test
    void useOnceTakesTheEarliestThatMatches() {
        overflow();
        for (int i = 0; i < 6; i++) {
            send(i, 10, i % 2);
        }
        for (final int i : new int[] {1, 3, 5}) {
            portal.append(owner(EntryOption.USE_ONCE).matchBits(1), ListKind.PRIORITY, OWNER);
            assertEquals(
                    i,
                    expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER).headerData(),
                    this::history);
            expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        }
        link(owner(EntryOption.USE_ONCE).matchBits(1), OWNER + 1);
        assertQuiet();
    }

    @Test
    void ownerMatchesSourceToo() {
        overflow();
        send(1, 10, 5);
        final int pid = initiator.id().pid();
        link(owner().ignoreBits(-1).source(initiator.id().nid(), pid + 1), OWNER);
        link(owner().ignoreBits(-1).source(initiator.id().nid() + 1, pid), OWNER + 1);
        portal.append(owner().ignoreBits(-1).source(initiator.id()), ListKind.PRIORITY, OWNER + 2);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER + 2);
        expect(targetQueue, EventKind.LINK, OWNER + 2);
    }

    /** An owner that does not truncate leaves a header that is longer than itself. */
    @Test
    void noTruncateOwnerSkipsLongerHeader() {
        overflow();
        send(1, 100, 0);
        final MatchEntry small =
                entry(arena.allocate(99), EntryOption.OP_PUT, EntryOption.NO_TRUNCATE);
        link(small, OWNER);
        final MatchEntry fits =
                entry(arena.allocate(100), EntryOption.OP_PUT, EntryOption.NO_TRUNCATE);
        portal.append(fits, ListKind.PRIORITY, OWNER + 1);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER + 1);
        expect(targetQueue, EventKind.LINK, OWNER + 1);
    }

    /** A header goes to its owner without a check of the operation or of the user id. */
    @Test
    void ownersPermissionIsNotChecked() {
        overflow();
        send(1, 10, 0);
        final MatchEntry owner =
                entry(arena.allocate(8), EntryOption.OP_GET, EntryOption.USE_ONCE)
                        .uid(initiator.uid() + 1);
        portal.append(owner, ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        assertRegisters(0, 0, 0);
    }

    @Test
    void overflowAppendTakesNoHeaders() {
        overflow();
        send(1, 10, 0);
        link(owner(), ListKind.OVERFLOW, OWNER);
        assertQuiet();
    }

    @Test
    void truncatedInOverflowEntry() {
        md = bind(arena.allocate(LENGTH));
        link(entry(arena.allocate(30), EntryOption.OP_PUT), ListKind.OVERFLOW, OVERFLOW);
        assertEquals(30, putAcked(md, 100, 0, 0, 1).mlength());
        assertEquals(30, expect(targetQueue, EventKind.PUT, OVERFLOW).mlength());
        portal.append(owner(), ListKind.PRIORITY, OWNER);
        final Event event = expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        assertEquals(100, event.rlength());
        assertEquals(30, event.mlength());
        expect(targetQueue, EventKind.LINK, OWNER);
    }

    @Test
    void autoFreeFollowsTheLastHeader() {
        bindMemory();
        link(owner(EntryOption.USE_ONCE), ListKind.OVERFLOW, OVERFLOW);
        send(1, 8, 0);
        expect(targetQueue, EventKind.AUTO_UNLINK, OVERFLOW);
        assertQuiet();
        portal.append(owner(EntryOption.USE_ONCE), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.AUTO_FREE, OVERFLOW);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        assertQuiet();
    }

    @Test
    void autoFreeWithPersistentOwner() {
        bindMemory();
        link(owner(EntryOption.USE_ONCE), ListKind.OVERFLOW, OVERFLOW);
        send(1, 8, 0);
        expect(targetQueue, EventKind.AUTO_UNLINK, OVERFLOW);
        portal.append(owner(), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        final EnumSet<EventKind> rest = EnumSet.noneOf(EventKind.class);
        rest.add(next(targetQueue).kind());
        rest.add(next(targetQueue).kind());
        assertEquals(EnumSet.of(EventKind.AUTO_FREE, EventKind.LINK), rest, this::history);
        assertQuiet();
    }

    @Test
    void headerDisableKeepsNoHeader() {
        bindMemory();
        link(owner(EntryOption.UNEXPECTED_HDR_DISABLE), ListKind.OVERFLOW, OVERFLOW);
        send(1, 8, 0);
        link(owner(), OWNER);
        assertQuiet();
    }

    @Test
    void headerDisableWithUseOnceIsFreedAtOnce() {
        bindMemory();
        link(
                owner(EntryOption.UNEXPECTED_HDR_DISABLE, EntryOption.USE_ONCE),
                ListKind.OVERFLOW,
                OVERFLOW);
        send(1, 8, 0);
        expect(targetQueue, EventKind.AUTO_UNLINK, OVERFLOW);
        expect(targetQueue, EventKind.AUTO_FREE, OVERFLOW);
        assertQuiet();
    }

    @Test
    void overflowEntryIsInUseWhileAHeaderRefersToIt() {
        bindMemory();
        final long handle = link(owner(), ListKind.OVERFLOW, OVERFLOW);
        send(1, 8, 0);
        send(2, 8, 0);
        assertEquals(ReturnCode.IN_USE, portal.unlink(handle));
        portal.append(owner(EntryOption.USE_ONCE), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        assertEquals(ReturnCode.IN_USE, portal.unlink(handle));
        send(3, 8, 0);
        portal.append(owner(), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.LINK, OWNER);
        assertEquals(ReturnCode.OK, portal.unlink(handle));
        assertQuiet();
    }

    @Test
    void commDisableOfOverflowEntryKeepsHeader() {
        bindMemory();
        link(owner(EntryOption.EVENT_COMM_DISABLE), ListKind.OVERFLOW, OVERFLOW);
        putAcked(md, 8, 0, 0, 1);
        portal.append(owner(EntryOption.USE_ONCE), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        assertQuiet();
    }

    @Test
    void overflowDisableHidesEventsNotCounts() {
        hidden(EntryOption.EVENT_OVER_DISABLE);
    }

    @Test
    void successDisableHidesOverflowEvents() {
        hidden(EntryOption.EVENT_SUCCESS_DISABLE);
    }

    @Test
    void overflowCountsOfTheOwner() {
        overflow();
        send(1, 30, 0);
        send(2, 12, 0);
        final CountingEvent operations = target.allocateCountingEvent();
        portal.append(
                owner(EntryOption.USE_ONCE, EntryOption.EVENT_CT_OVERFLOW).counter(operations),
                ListKind.PRIORITY,
                OWNER);
        awaitCount(operations, 1, 0);
        final CountingEvent bytes = target.allocateCountingEvent();
        portal.append(
                owner(EntryOption.EVENT_CT_OVERFLOW, EntryOption.EVENT_CT_BYTES).counter(bytes),
                ListKind.PRIORITY,
                OWNER);
        awaitCount(bytes, 12, 0);
        putAcked(md, 8, 0, 0, 3);
        assertCount(bytes, 12, 0);
        assertCount(operations, 1, 0);
    }

    @Test
    void getsMayMeetOverflowEntries() {
        for (final int length : new int[] {100, 60_000}) {
            final MemorySegment source = arena.allocate(LENGTH);
            final byte[] data = Memory.pattern(3, length);
            Memory.fill(source, 0, data);
            final long handle =
                    link(entry(source, EntryOption.OP_GET), ListKind.OVERFLOW, OVERFLOW);
            final MemorySegment to = arena.allocate(length);
            final Event reply = getReplied(bind(to), length, 0, 0, 1);
            assertEquals(ListKind.OVERFLOW, reply.list());
            Memory.assertBytes(data, to, 0, "reply");
            final Event got = expect(targetQueue, EventKind.GET, OVERFLOW);
            assertEquals(ListKind.OVERFLOW, got.list());
            portal.append(owner(EntryOption.USE_ONCE), ListKind.PRIORITY, OWNER);
            final Event event = expect(targetQueue, EventKind.GET_OVERFLOW, OWNER);
            assertEquals(length, event.mlength());
            assertEquals(source, event.memory());
            expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
            assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
        }
        assertQuiet();
    }

    /** The limit of unexpected headers is met exactly, and a header taken makes room again. */
    @Test
    void unexpectedHeadersAreLimited() {
        reopenInterfaces(Limits.builder().maxUnexpectedHeaders(4).build());
        openObjects();
        overflow();
        for (int i = 0; i < 4; i++) {
            send(i, 10, i);
        }
        putRefused(md, 10, 4, 4, NiFail.DROPPED);
        assertRegisters(1, 0, 0);
        portal.append(owner(EntryOption.USE_ONCE).matchBits(2), ListKind.PRIORITY, OWNER);
        expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        send(5, 10, 5);
        putRefused(md, 10, 6, 6, NiFail.DROPPED);
        portal.append(owner().ignoreBits(-1), ListKind.PRIORITY, OWNER);
        for (final int i : new int[] {0, 1, 3, 5}) {
            assertEquals(i, expect(targetQueue, EventKind.PUT_OVERFLOW, OWNER).headerData());
        }
        expect(targetQueue, EventKind.LINK, OWNER);
        assertQuiet();
    }

    /** A freed portal gives its headers back. */
    @Test
    void freeDropsHeaders() {
        reopenInterfaces(Limits.builder().maxUnexpectedHeaders(1).build());
        openObjects();
        bindMemory();
        for (int i = 0; i < 4; i++) {
            link(
                    owner(EntryOption.USE_ONCE, EntryOption.EVENT_UNLINK_DISABLE),
                    ListKind.OVERFLOW,
                    OVERFLOW);
            send(i, 8, 0);
            assertEquals(ReturnCode.OK, portal.free(), this::history);
            portal = target.allocatePortal(OptionSet.none(), targetQueue, NetworkInterface.PT_ANY);
        }
        link(owner(), OWNER);
        assertQuiet();
    }

    private void hidden(final EntryOption option) {
        overflow();
        send(1, 30, 0);
        send(2, 30, 0);
        final CountingEvent ct = target.allocateCountingEvent();
        portal.append(
                owner(EntryOption.USE_ONCE, EntryOption.EVENT_CT_OVERFLOW, option).counter(ct),
                ListKind.PRIORITY,
                OWNER);
        expect(targetQueue, EventKind.AUTO_UNLINK, OWNER);
        awaitCount(ct, 1, 0);
        portal.append(
                owner(EntryOption.EVENT_CT_OVERFLOW, option).counter(ct),
                ListKind.PRIORITY,
                OWNER + 1);
        expect(targetQueue, EventKind.LINK, OWNER + 1);
        awaitCount(ct, 2, 0);
        assertQuiet();
    }

    private void bindMemory() {
        from = arena.allocate(LENGTH);
        md = bind(from);
    }

    /** Links a persistent overflow entry for everything. */
    private MemorySegment overflow() {
        bindMemory();
        final MemorySegment memory = arena.allocate(2L * LENGTH);
        link(
                entry(memory, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL).ignoreBits(-1),
                ListKind.OVERFLOW,
                OVERFLOW);
        return memory;
    }

    private MatchEntry owner(final EntryOption... options) {
        final OptionSet<EntryOption> set = OptionSet.of(options).with(EntryOption.OP_PUT);
        return new MatchEntry(arena.allocate(LENGTH)).options(set);
    }

    /** A put that must land in the overflow entry; its header data is its number. */
    private byte[] send(final long number, final int length, final long matchBits) {
        final byte[] data = Memory.pattern(number, length);
        Memory.fill(from, 0, data);
        assertEquals(length, putAcked(md, length, matchBits, 0, number).mlength(), this::history);
        final Event event = expect(targetQueue, EventKind.PUT, OVERFLOW);
        assertEquals(number, event.headerData(), this::history);
        assertEquals(ListKind.OVERFLOW, event.list(), this::history);
        return data;
    }
}

package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;

/** Limits asked for are met exactly, and arguments are checked by the call. */
abstract class LimitConformance extends ConformanceTest {
    LimitConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void defaultsAreUseful() {
        final Limits limits = target.limits();
        final String text = limits.toString();
        assertTrue(limits.maxEntries() >= 1024, text);
        assertTrue(limits.maxUnexpectedHeaders() >= 1024, text);
        assertTrue(limits.maxMds() >= 256, text);
        assertTrue(limits.maxCts() >= 256, text);
        assertTrue(limits.maxEqs() >= 64, text);
        assertTrue(limits.maxPtIndex() >= 63, text);
        assertTrue(limits.maxIovecs() >= 16, text);
        assertTrue(limits.maxListSize() >= 1024, text);
        assertTrue(limits.maxMsgSize() > 1L << 30, text);
        assertTrue(limits.maxWawOrderedSize() >= 8, text);
        assertTrue(limits.maxWarOrderedSize() >= 8, text);
        assertTrue(limits.maxVolatileSize() >= 32, text);
    }

    @Test
    void smallWishesAreHonoured() {
        final Limits wish = new Limits(5, 6, 7, 8, 9, 10, 11, 12, 13, 1000, 64, 56, 48, 40, 32);
        reopenInterfaces(wish);
        assertEquals(expected(wish, target.limits()), target.limits());
        assertEquals(expected(wish, initiator.limits()), initiator.limits());
    }

    @Test
    void largeWishesAreClamped() {
        final int all = Integer.MAX_VALUE;
        final long many = Long.MAX_VALUE;
        reopenInterfaces(
                Limits.builder()
                        .maxPtIndex(all)
                        .maxIovecs(all)
                        .maxMsgSize(many)
                        .maxAtomicSize(many)
                        .maxFetchAtomicSize(many)
                        .maxWawOrderedSize(many)
                        .maxWarOrderedSize(many)
                        .maxVolatileSize(many)
                        .build());
        assertTrue(target.limits().maxPtIndex() >= 63);
        assertTrue(target.limits().maxVolatileSize() >= 32);
    }

    @Test
    void entries() {
        reopenInterfaces(Limits.builder().maxEntries(3).build());
        openObjects();
        final MatchEntry entry = entry(arena.allocate(8), EntryOption.OP_PUT);
        final long first = link(entry, 1);
        link(entry, ListKind.OVERFLOW, 2);
        link(entry, 3);
        for (final ListKind list : ListKind.values()) {
            assertRefused(ReturnCode.NO_SPACE, () -> portal.append(entry, list, 4));
        }
        assertEquals(ReturnCode.OK, portal.unlink(first));
        link(entry, 5);
        assertRefused(ReturnCode.NO_SPACE, () -> portal.append(entry, ListKind.PRIORITY, 6));
        final MemoryDescriptor md = bind(arena.allocate(8));
        putAcked(md, 8, 0, 0, 7);
        expect(targetQueue, EventKind.PUT, 3);
    }

    @Test
    void entriesThatUnlinkThemselvesMakeRoom() {
        reopenInterfaces(Limits.builder().maxEntries(3).build());
        openObjects();
        final MemoryDescriptor md = bind(arena.allocate(8));
        for (int i = 0; i < 20; i++) {
            link(entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.USE_ONCE), i);
            putAcked(md, 8, 0, 0, i);
            expect(targetQueue, EventKind.PUT, i);
            expect(targetQueue, EventKind.AUTO_UNLINK, i);
        }
    }

    @Test
    void listSize() {
        reopenInterfaces(Limits.builder().maxListSize(2).build());
        openObjects();
        final MatchEntry entry = entry(arena.allocate(8), EntryOption.OP_PUT);
        for (final ListKind list : ListKind.values()) {
            link(entry, list, 1);
            link(entry, list, 2);
            assertRefused(ReturnCode.NO_SPACE, () -> portal.append(entry, list, 3));
        }
    }

    @Test
    void descriptors() {
        reopenInterfaces(Limits.builder().maxMds(2).build());
        openObjects();
        final MemorySegment memory = arena.allocate(8);
        final MemoryDescriptor first = bind(memory);
        bind(memory);
        assertRefused(ReturnCode.NO_SPACE, () -> bind(memory));
        assertEquals(ReturnCode.OK, first.release());
        bind(memory);
        assertRefused(ReturnCode.NO_SPACE, () -> bind(memory));
    }

    @Test
    void countersAndQueues() {
        reopenInterfaces(Limits.builder().maxCts(2).maxEqs(2).build());
        final CountingEvent ct = target.allocateCountingEvent();
        target.allocateCountingEvent();
        assertRefused(ReturnCode.NO_SPACE, target::allocateCountingEvent);
        ct.close();
        target.allocateCountingEvent();
        assertRefused(ReturnCode.NO_SPACE, target::allocateCountingEvent);
        final EventQueue queue = target.allocateEventQueue(4);
        target.allocateEventQueue(4);
        assertRefused(ReturnCode.NO_SPACE, () -> target.allocateEventQueue(4));
        queue.close();
        target.allocateEventQueue(4);
        assertRefused(ReturnCode.NO_SPACE, () -> target.allocateEventQueue(4));
    }

    @Test
    void portals() {
        reopenInterfaces(Limits.builder().maxPtIndex(3).build());
        PortalTableEntry last = null;
        for (int i = 0; i <= 3; i++) {
            last = target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
        }
        assertRefused(
                ReturnCode.PT_FULL,
                () -> target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY));
        assertRefused(
                ReturnCode.ARG_INVALID, () -> target.allocatePortal(OptionSet.none(), null, 4));
        assertEquals(ReturnCode.OK, last.free());
        target.allocatePortal(OptionSet.none(), null, NetworkInterface.PT_ANY);
    }

    @Test
    void iovecs() {
        reopenInterfaces(Limits.builder().maxIovecs(2).build());
        openObjects();
        final List<MemorySegment> two = Collections.nCopies(2, arena.allocate(8));
        final List<MemorySegment> three = Collections.nCopies(3, arena.allocate(8));
        initiator.bind(MemoryDescriptor.of().iovec(two));
        assertRefused(
                ReturnCode.ARG_INVALID, () -> initiator.bind(MemoryDescriptor.of().iovec(three)));
        link(new MatchEntry().iovec(two), 1);
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> portal.append(new MatchEntry().iovec(three), ListKind.PRIORITY, 2));
        assertQuiet();
    }

    @Test
    void messageSize() {
        reopenInterfaces(Limits.builder().maxMsgSize(1000).build());
        openObjects();
        link(entry(arena.allocate(2000), EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemoryDescriptor md = bind(arena.allocate(2000));
        putAcked(md, 1000, 0, 0, 1);
        getReplied(md, 1000, 0, 0, 2);
        assertRefused(ReturnCode.ARG_INVALID, () -> put(md, 1001, AckRequest.NO_ACK, 0, 0, 3));
        assertRefused(ReturnCode.ARG_INVALID, () -> get(md, 1001, 0, 0, 4));
    }

    /** Bytes of a volatile put are captured by the call: the memory may change at once. */
    @Test
    void volatilePuts() {
        reopenInterfaces(Limits.builder().maxVolatileSize(64).build());
        openObjects();
        assertEquals(64, target.limits().maxVolatileSize());
        final MemorySegment to = arena.allocate(64 * 200L);
        link(entry(to, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL), 1);
        final MemorySegment from = arena.allocate(100);
        final MemoryDescriptor md = bind(from, MdOption.VOLATILE);
        for (int i = 0; i < 200; i++) {
            Memory.fill(from, 0, Memory.pattern(i, 64));
            put(md, 64, AckRequest.ACK, 0, 0, i);
            from.fill((byte) 0);
        }
        for (int i = 0; i < 200; i++) {
            expect(targetQueue, EventKind.PUT, 1);
            Memory.assertBytes(Memory.pattern(i, 64), to, i * 64L, "put " + i);
        }
        assertRefused(ReturnCode.ARG_INVALID, () -> put(md, 65, AckRequest.NO_ACK, 0, 0, 3));
    }

    @Test
    void rangesOutsideTheDescriptor() {
        final MemoryDescriptor md = bind(arena.allocate(100));
        final long[][] ranges = {
            {0, 101},
            {100, 1},
            {101, 0},
            {1, 100},
            {-1, 1},
            {0, -1},
            {Long.MAX_VALUE, 1},
            {50, Long.MAX_VALUE}
        };
        for (final long[] range : ranges) {
            final String text = range[0] + "+" + range[1];
            assertRefused(
                    ReturnCode.ARG_INVALID,
                    () ->
                            initiator.put(
                                    md,
                                    range[0],
                                    range[1],
                                    AckRequest.NO_ACK,
                                    target.id(),
                                    0,
                                    0,
                                    0,
                                    0,
                                    0));
            assertRefused(
                    ReturnCode.ARG_INVALID,
                    () -> initiator.get(md, range[0], range[1], target.id(), 0, 0, 0, 0));
            assertEquals(ReturnCode.EQ_EMPTY, initiatorQueue.get(new Event()), text);
        }
        initiator.put(md, 100, 0, AckRequest.ACK, target.id(), 0, 0, 0, 9, 0);
        expect(initiatorQueue, EventKind.SEND, 9);
    }

    @Test
    void acknowledgementsNeedAPlace() {
        final MemorySegment memory = arena.allocate(8);
        final MemoryDescriptor bare = initiator.bind(MemoryDescriptor.of(memory));
        for (final AckRequest request : new AckRequest[] {AckRequest.ACK, AckRequest.CT_ACK}) {
            assertRefused(ReturnCode.ARG_INVALID, () -> put(bare, 8, request, 0, 0, 0));
        }
        link(entry(arena.allocate(8), EntryOption.OP_PUT), 1);
        put(bare, 8, AckRequest.OC_ACK, 0, 0, 0);
        put(bare, 8, AckRequest.NO_ACK, 0, 0, 0);
        expect(targetQueue, EventKind.PUT, 1);
        expect(targetQueue, EventKind.PUT, 1);
        assertQuiet();
    }

    @Test
    void interfacesAreCounted() {
        final NetworkInterface again =
                targetPortals.networkInterface(
                        InterfaceKind.MATCHING_PHYSICAL, Limits.builder().maxMds(1).build());
        assertSame(target, again);
        assertTrue(again.limits().maxMds() > 1, "the second wish is ignored");
        again.close();
        assertQuiet();
        assertEquals(InterfaceKind.MATCHING_PHYSICAL, target.kind());
        assertEquals(targetPortals.id(), target.id());
        assertEquals(target.id(), target.physicalId());
    }

    /** Objects of one interface mean nothing to another. */
    @Test
    void objectsOfAnotherInterface() {
        final MemorySegment memory = arena.allocate(8);
        final CountingEvent theirs = target.allocateCountingEvent();
        final MemoryDescriptor.Definition definition = MemoryDescriptor.of(memory);
        assertRefused(
                ReturnCode.ARG_INVALID, () -> initiator.bind(definition.eventQueue(targetQueue)));
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> initiator.bind(MemoryDescriptor.of(memory).counter(theirs)));
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> initiator.allocatePortal(OptionSet.none(), targetQueue, 5));
        assertRefused(
                ReturnCode.ARG_INVALID,
                () ->
                        portal.append(
                                entry(memory, EntryOption.OP_PUT).counter(counter),
                                ListKind.PRIORITY,
                                1));
        final EventQueue[] queues = {initiatorQueue, targetQueue};
        assertRefused(ReturnCode.ARG_INVALID, () -> initiator.poll(queues, 0, new Event()));
        final CountingEvent[] counters = {counter, theirs};
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> initiator.poll(counters, new long[] {1, 1}, 0, new CountingEvent.Value()));
        final MemoryDescriptor md = bind(memory);
        assertRefused(
                ReturnCode.ARG_INVALID,
                () -> target.put(md, 0, 8, AckRequest.NO_ACK, initiator.id(), 0, 0, 0, 0, 0));
        assertRefused(
                ReturnCode.ARG_INVALID, () -> target.get(md, 0, 8, initiator.id(), 0, 0, 0, 0));
        assertQuiet();
    }

    /** The wish itself, but for operations that are not offered at all: their limits are 0. */
    private static Limits expected(final Limits wish, final Limits actual) {
        return new Limits(
                wish.maxEntries(),
                wish.maxUnexpectedHeaders(),
                wish.maxMds(),
                wish.maxCts(),
                wish.maxEqs(),
                wish.maxPtIndex(),
                wish.maxIovecs(),
                wish.maxListSize(),
                actual.maxTriggeredOps() == 0 ? 0 : wish.maxTriggeredOps(),
                wish.maxMsgSize(),
                actual.maxAtomicSize() == 0 ? 0 : wish.maxAtomicSize(),
                actual.maxFetchAtomicSize() == 0 ? 0 : wish.maxFetchAtomicSize(),
                wish.maxWawOrderedSize(),
                wish.maxWarOrderedSize(),
                wish.maxVolatileSize());
    }
}

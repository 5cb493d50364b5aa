package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MemoryDescriptor;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Bytes arrive where they must, whatever the length, the offset and the kind of memory. */
abstract class DataConformance extends ConformanceTest {
    private static final int MIB = 1 << 20;
    private static final int GUARD = 64;

    DataConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** Lengths around every limit that a transport or the engine may have. */
    static int[] sizes() {
        final IntStream limits =
                IntStream.of(
                        0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 127, 128, 129, 511, 512, 513, 999,
                        1000, 1001, 1407, 1408, 1409, 4095, 4096, 4097, 8159, 8160, 8161, 8191,
                        8192, 8193, 16384, 65535, 65536, 65537, MIB, MIB + 1);
        return IntStream.concat(limits, IntStream.iterate(7900, n -> n <= 8300, n -> n + 13))
                .toArray();
    }

    @Test
    void putOfEveryLength() {
        final MemorySegment from = Memory.SHARED.allocate(arena, MIB + 3L * GUARD);
        final MemorySegment to = Memory.SHARED.allocate(arena, MIB + 3L * GUARD);
        link(entry(to, EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(from);
        for (final int size : sizes()) {
            putAndCheck(md, from, size & 31, to, GUARD + (size * 5L & 31), size);
        }
        assertQuiet();
    }

    @Test
    void getOfEveryLength() {
        final MemorySegment to = Memory.SHARED.allocate(arena, MIB + 3L * GUARD);
        final MemorySegment from = Memory.SHARED.allocate(arena, MIB + 3L * GUARD);
        link(entry(from, EntryOption.OP_GET), 1);
        final MemoryDescriptor md = bind(to);
        for (final int size : sizes()) {
            getAndCheck(md, to, GUARD + (size & 31), from, size * 3L & 31, size);
        }
        assertQuiet();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void everyKindOfMemory(final Memory local) {
        for (final Memory remote : Memory.values()) {
            final MemorySegment mine = local.allocate(arena, 400_000);
            final MemorySegment theirs = remote.allocate(arena, 400_000);
            final long handle =
                    link(entry(theirs, EntryOption.OP_PUT, EntryOption.OP_GET), remote.ordinal());
            try (MemoryDescriptor md = bind(mine)) {
                for (final int size : new int[] {0, 1, 63, 513, 8191, 70_000, 300_001}) {
                    putAndCheck(md, mine, 3, theirs, GUARD + 5, size);
                    getAndCheck(md, mine, GUARD + 7, theirs, 11, size);
                }
            }
            assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
        }
        assertQuiet();
    }

    @Test
    void eventOfPutHasEveryField() {
        final MemorySegment to = Memory.SHARED.allocate(arena, 200);
        link(entry(to, EntryOption.OP_PUT).matchBits(0xfedc_ba98_7654_3210L), Long.MIN_VALUE + 5);
        final MemoryDescriptor md = bind(arena.allocate(100));
        initiator.put(
                md,
                10,
                90,
                AckRequest.ACK,
                target.id(),
                portal.index(),
                0xfedc_ba98_7654_3210L,
                33,
                -7,
                Long.MIN_VALUE + 9);
        expect(initiatorQueue, EventKind.SEND, -7);
        final Event ack = expect(initiatorQueue, EventKind.ACK, -7);
        assertEquals(90, ack.mlength());
        assertEquals(33, ack.remoteOffset());
        assertEquals(ListKind.PRIORITY, ack.list());

        final Event event = expect(targetQueue, EventKind.PUT, Long.MIN_VALUE + 5);
        assertEquals(Long.MIN_VALUE + 9, event.headerData());
        assertEquals(0xfedc_ba98_7654_3210L, event.matchBits());
        assertEquals(90, event.rlength());
        assertEquals(90, event.mlength());
        assertEquals(33, event.remoteOffset());
        assertEquals(33, event.startOffset());
        assertEquals(to, event.memory());
        assertEquals(to.asSlice(33, 90), event.start());
        assertEquals(initiator.id(), event.initiator());
        assertEquals(initiator.uid(), event.uid());
        assertEquals(portal.index(), event.portalIndex());
        assertEquals(ListKind.PRIORITY, event.list());
    }

    @Test
    void eventOfGetHasEveryField() {
        final MemorySegment from = Memory.HEAP.allocate(arena, 200);
        link(entry(from, EntryOption.OP_GET).matchBits(77), 1);
        final MemoryDescriptor md = bind(arena.allocate(100));
        initiator.get(md, 10, 50, target.id(), portal.index(), 77, 33, -7);
        final Event reply = expect(initiatorQueue, EventKind.REPLY, -7);
        assertEquals(50, reply.mlength());
        assertEquals(33, reply.remoteOffset());
        assertEquals(ListKind.PRIORITY, reply.list());

        final Event event = expect(targetQueue, EventKind.GET, 1);
        assertEquals(77, event.matchBits());
        assertEquals(50, event.rlength());
        assertEquals(50, event.mlength());
        assertEquals(33, event.remoteOffset());
        assertEquals(33, event.startOffset());
        assertEquals(from, event.memory());
        assertEquals(initiator.id(), event.initiator());
        assertEquals(initiator.uid(), event.uid());
        assertEquals(portal.index(), event.portalIndex());
    }

    /** Random operations against a model of byte arrays. */
    @Test
    void randomOperations() {
        final long seed = Long.getLong("portals.conformance.seed", System.nanoTime());
        System.out.println("randomOperations " + topology + " portals.conformance.seed=" + seed);
        final Random random = new Random(seed);
        final int length = 150_000;
        final int regions = Memory.values().length;
        final MemorySegment[] mine = new MemorySegment[regions];
        final MemorySegment[] theirs = new MemorySegment[regions];
        final byte[][] mineModel = new byte[regions][length];
        final byte[][] theirsModel = new byte[regions][length];
        final MemoryDescriptor[] mds = new MemoryDescriptor[regions];
        for (int i = 0; i < regions; i++) {
            mine[i] = Memory.values()[i].allocate(arena, length);
            theirs[i] = Memory.values()[i].allocate(arena, length);
            random.nextBytes(mineModel[i]);
            random.nextBytes(theirsModel[i]);
            Memory.fill(mine[i], 0, mineModel[i]);
            Memory.fill(theirs[i], 0, theirsModel[i]);
            mds[i] = bind(mine[i]);
            link(entry(theirs[i], EntryOption.OP_PUT, EntryOption.OP_GET).matchBits(i), i);
        }
        for (int n = 0; n < 300; n++) {
            final int l = random.nextInt(regions);
            final int r = random.nextInt(regions);
            final int size = random.nextInt(1 << random.nextInt(18));
            final int localOffset = random.nextInt(length - size + 1);
            final int remoteOffset = random.nextInt(length + 1);
            final int moved = Math.min(size, length - remoteOffset);
            final String what = "seed " + seed + ", operation " + n;
            final Event end;
            if (random.nextBoolean()) {
                initiator.put(
                        mds[l],
                        localOffset,
                        size,
                        AckRequest.ACK,
                        target.id(),
                        portal.index(),
                        r,
                        remoteOffset,
                        n,
                        n);
                expect(initiatorQueue, EventKind.SEND, n);
                end = expect(initiatorQueue, EventKind.ACK, n);
                expect(targetQueue, EventKind.PUT, r);
                System.arraycopy(mineModel[l], localOffset, theirsModel[r], remoteOffset, moved);
            } else {
                initiator.get(
                        mds[l], localOffset, size, target.id(), portal.index(), r, remoteOffset, n);
                end = expect(initiatorQueue, EventKind.REPLY, n);
                expect(targetQueue, EventKind.GET, r);
                System.arraycopy(theirsModel[r], remoteOffset, mineModel[l], localOffset, moved);
            }
            assertEquals(moved, end.mlength(), what);
            Memory.assertBytes(mineModel[l], mine[l], 0, what);
            Memory.assertBytes(theirsModel[r], theirs[r], 0, what);
        }
        assertQuiet();
    }

    private void putAndCheck(
            final MemoryDescriptor md,
            final MemorySegment from,
            final long localOffset,
            final MemorySegment to,
            final long remoteOffset,
            final int size) {
        final byte[] data = Memory.pattern(size + localOffset, size);
        Memory.fill(from, localOffset, data);
        final byte[] expected = guarded(to, remoteOffset, size, data);
        initiator.put(
                md,
                localOffset,
                size,
                AckRequest.ACK,
                target.id(),
                portal.index(),
                0,
                remoteOffset,
                size,
                ~size);
        expect(initiatorQueue, EventKind.SEND, size);
        final Event ack = expect(initiatorQueue, EventKind.ACK, size);
        assertEquals(size, ack.mlength(), this::history);
        assertEquals(remoteOffset, ack.remoteOffset(), this::history);
        final Event event = next(targetQueue);
        assertEquals(EventKind.PUT, event.kind(), this::history);
        assertEquals(size, event.rlength(), this::history);
        assertEquals(size, event.mlength(), this::history);
        assertEquals(~size, event.headerData(), this::history);
        Memory.assertBytes(expected, to, remoteOffset - GUARD, "put of " + size);
    }

    private void getAndCheck(
            final MemoryDescriptor md,
            final MemorySegment to,
            final long localOffset,
            final MemorySegment from,
            final long remoteOffset,
            final int size) {
        final byte[] data = Memory.pattern(size - remoteOffset, size);
        Memory.fill(from, remoteOffset, data);
        final byte[] expected = guarded(to, localOffset, size, data);
        initiator.get(md, localOffset, size, target.id(), portal.index(), 0, remoteOffset, size);
        final Event reply = expect(initiatorQueue, EventKind.REPLY, size);
        assertEquals(size, reply.mlength(), this::history);
        assertEquals(remoteOffset, reply.remoteOffset(), this::history);
        final Event event = next(targetQueue);
        assertEquals(EventKind.GET, event.kind(), this::history);
        assertEquals(size, event.rlength(), this::history);
        assertEquals(size, event.mlength(), this::history);
        Memory.assertBytes(expected, to, localOffset - GUARD, "get of " + size);
    }

    /** Surrounds a place with guard bytes and returns what must be found there afterwards. */
    private static byte[] guarded(
            final MemorySegment to, final long offset, final int size, final byte[] data) {
        final byte[] expected = new byte[size + 2 * GUARD];
        Arrays.fill(expected, (byte) 0x5a);
        Memory.fill(to, offset - GUARD, expected);
        System.arraycopy(data, 0, expected, GUARD, size);
        return expected;
    }
}

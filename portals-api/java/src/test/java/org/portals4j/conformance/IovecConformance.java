package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Memory in several segments behaves as their concatenation, on either side. */
abstract class IovecConformance extends ConformanceTest {
    private static final int LENGTH = 100_000;

    /** Odd lengths, empty ones among them: at the start, in a row, and at the end. */
    private static final long[][] SPLITS = {
        {}, {0}, {1, 0, 0, 7, 4096, 0, 13, 1}, {0, 0, 3, 50_000, 0, 49_997, 0}, {99_999, 1}
    };

    IovecConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 64, 500, 4097, 8160, 60_001})
    void everySplitOnBothSides(final int size) {
        final MemorySegment mine = Memory.SHARED.allocate(arena, LENGTH);
        final MemorySegment theirs = Memory.SHARED.allocate(arena, LENGTH);
        long user = 0;
        for (final long[] localSplit : SPLITS) {
            final MemoryDescriptor md = bindIovec(Memory.split(mine, localSplit));
            assertEquals(LENGTH, md.length());
            for (final long[] remoteSplit : SPLITS) {
                final long handle =
                        link(
                                entry(MemorySegment.NULL, EntryOption.OP_PUT, EntryOption.OP_GET)
                                        .iovec(Memory.split(theirs, remoteSplit)),
                                0);
                final long localOffset = 5 + user % 9;
                final long remoteOffset = 3 + user % 11;
                final byte[] data = Memory.pattern(user, size);
                theirs.fill((byte) 1);
                Memory.fill(mine, localOffset, data);
                putRange(md, localOffset, size, remoteOffset, ++user);
                Memory.assertBytes(data, theirs, remoteOffset, "put of " + size);
                assertEquals((byte) 1, Memory.bytes(theirs, remoteOffset - 1, 1)[0]);
                assertEquals((byte) 1, Memory.bytes(theirs, remoteOffset + size, 1)[0]);
                mine.fill((byte) 2);
                getRange(md, localOffset, size, remoteOffset, ++user);
                Memory.assertBytes(data, mine, localOffset, "get of " + size);
                assertEquals((byte) 2, Memory.bytes(mine, localOffset - 1, 1)[0]);
                assertEquals((byte) 2, Memory.bytes(mine, localOffset + size, 1)[0]);
                assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
            }
            md.close();
        }
        assertQuiet();
    }

    /** Segments of all kinds of memory in one descriptor and in one entry, and random ranges. */
    @Test
    void kindsMixedInOneIovec() {
        final Random random = new Random(42);
        final List<MemorySegment> mine = mixed();
        final List<MemorySegment> theirs = mixed();
        final int length = Math.toIntExact(mine.stream().mapToLong(MemorySegment::byteSize).sum());
        final byte[] mineModel = new byte[length];
        final byte[] theirsModel = new byte[length];
        final MemoryDescriptor md = bindIovec(mine);
        link(entry(MemorySegment.NULL, EntryOption.OP_PUT, EntryOption.OP_GET).iovec(theirs), 0);
        for (int n = 0; n < 60; n++) {
            final int size = random.nextInt(length);
            final int from = random.nextInt(length - size + 1);
            final int to = random.nextInt(length - size + 1);
            if (random.nextBoolean()) {
                final byte[] data = Memory.pattern(n, size);
                System.arraycopy(data, 0, mineModel, from, size);
                store(mine, mineModel);
                putRange(md, from, size, to, n);
                System.arraycopy(mineModel, from, theirsModel, to, size);
            } else {
                getRange(md, from, size, to, n);
                System.arraycopy(theirsModel, to, mineModel, from, size);
            }
            Memory.assertBytes(mineModel, joined(mine), 0, "mine after " + n);
            Memory.assertBytes(theirsModel, joined(theirs), 0, "theirs after " + n);
        }
        assertQuiet();
    }

    /** The start of an event is inside the segment where the offset falls. */
    @Test
    void startIsInTheSegmentOfTheOffset() {
        final MemorySegment a = arena.allocate(10);
        final MemorySegment b = arena.allocate(20);
        final MemorySegment c = arena.allocate(30);
        link(entry(a, EntryOption.OP_PUT).iovec(List.of(a, b, c)), 0);
        final MemoryDescriptor md = bind(arena.allocate(60));
        final long[] offsets = {0, 9, 10, 29, 30, 59};
        final MemorySegment[] segments = {a, a, b, b, c, c};
        final long[] starts = {0, 9, 0, 19, 0, 29};
        for (int i = 0; i < offsets.length; i++) {
            putAcked(md, 1, 0, offsets[i], i);
            final Event event = expect(targetQueue, EventKind.PUT, 0);
            assertEquals(segments[i], event.memory(), "offset " + offsets[i]);
            assertEquals(starts[i], event.startOffset(), "offset " + offsets[i]);
        }
    }

    /** A message that is truncated by an entry of several segments fills all of them. */
    @Test
    void truncatedAtTheEndOfTheConcatenation() {
        final MemorySegment whole = Memory.HEAP.allocate(arena, 1000);
        final MatchEntry entry = entry(whole, EntryOption.OP_PUT);
        link(entry.iovec(Memory.split(whole, 100, 0, 333)), 0);
        final MemorySegment from = arena.allocate(2000);
        final byte[] data = Memory.pattern(3, 2000);
        Memory.fill(from, 0, data);
        final Event ack = putAcked(bind(from), 2000, 0, 100, 1);
        assertEquals(900, ack.mlength());
        Memory.assertBytes(Arrays.copyOf(data, 900), whole, 100, "truncated put");
        final Event event = expect(targetQueue, EventKind.PUT, 0);
        assertEquals(2000, event.rlength());
        assertEquals(900, event.mlength());
    }

    private MemoryDescriptor bindIovec(final List<MemorySegment> parts) {
        return initiator.bind(
                MemoryDescriptor.of().iovec(parts).eventQueue(initiatorQueue).counter(counter));
    }

    private List<MemorySegment> mixed() {
        final List<MemorySegment> parts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            final Memory kind = Memory.values()[i % Memory.values().length];
            parts.add(kind.allocate(arena, 1 + i * 1777L));
        }
        return List.copyOf(parts);
    }

    private static void store(final List<MemorySegment> parts, final byte[] bytes) {
        long at = 0;
        for (final MemorySegment part : parts) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), at, part, 0, part.byteSize());
            at += part.byteSize();
        }
    }

    private static MemorySegment joined(final List<MemorySegment> parts) {
        final long length = parts.stream().mapToLong(MemorySegment::byteSize).sum();
        final MemorySegment whole = MemorySegment.ofArray(new byte[Math.toIntExact(length)]);
        long at = 0;
        for (final MemorySegment part : parts) {
            MemorySegment.copy(part, 0, whole, at, part.byteSize());
            at += part.byteSize();
        }
        return whole;
    }

    private void putRange(
            final MemoryDescriptor md,
            final long localOffset,
            final long size,
            final long remoteOffset,
            final long user) {
        initiator.put(
                md,
                localOffset,
                size,
                AckRequest.ACK,
                target.id(),
                portal.index(),
                0,
                remoteOffset,
                user,
                user);
        expect(initiatorQueue, EventKind.SEND, user);
        assertEquals(size, expect(initiatorQueue, EventKind.ACK, user).mlength(), this::history);
        expect(targetQueue, EventKind.PUT, 0);
    }

    private void getRange(
            final MemoryDescriptor md,
            final long localOffset,
            final long size,
            final long remoteOffset,
            final long user) {
        initiator.get(md, localOffset, size, target.id(), portal.index(), 0, remoteOffset, user);
        assertEquals(size, expect(initiatorQueue, EventKind.REPLY, user).mlength(), this::history);
        expect(targetQueue, EventKind.GET, 0);
    }
}

package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** Appends that meet messages on the way: nothing is assumed of time, everything of order. */
abstract class OverflowRaceConformance extends ConformanceTest {
    private static final long OVERFLOW = 1_000_000;

    OverflowRaceConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** Each message meets one USE_ONCE entry, posted before, while or after its data moves. */
    @ParameterizedTest
    @ValueSource(ints = {8, 5_000, 100_000, 1_000_000})
    void appendRacesWithArrival(final int length) {
        final Random random = new Random(length);
        final MemorySegment from = arena.allocate(length);
        final MemorySegment own = arena.allocate(length);
        final MemorySegment overflow = arena.allocate(length);
        final MemoryDescriptor md = bind(from);
        link(entry(overflow, EntryOption.OP_PUT), ListKind.OVERFLOW, OVERFLOW);
        for (int i = 0; i < (length > 500_000 ? 20 : 60); i++) {
            final byte[] data = Memory.pattern(i, length);
            Memory.fill(from, 0, data);
            own.fill((byte) 0);
            put(md, length, AckRequest.ACK, 0, 0, i);
            final long spins = random.nextInt(1 << random.nextInt(17));
            for (long s = 0; s < spins; s++) {
                Thread.onSpinWait();
            }
            portal.append(
                    entry(own, EntryOption.OP_PUT, EntryOption.USE_ONCE), ListKind.PRIORITY, i);
            final Event last = awaitOwner(i);
            final MemorySegment place = last.kind() == EventKind.PUT ? own : overflow;
            assertEquals(place, last.memory(), this::history);
            assertEquals(length, last.mlength(), this::history);
            assertEquals(i, last.headerData(), this::history);
            Memory.assertBytes(data, place, 0, "message " + i);
            expect(initiatorQueue, EventKind.SEND, i);
            expect(initiatorQueue, EventKind.ACK, i);
        }
        assertQuiet();
    }

    /** Many messages of all sizes at once; entry i gets message i whichever way. */
    @Test
    void pipelinedMessagesKeepTheirOrder() {
        final int count = 16;
        final int[] lengths = {8, 300_000, 70, 9_000, 150_000, 0, 8, 40_000};
        final MemorySegment overflow = arena.allocate(2_000_000);
        for (int round = 0; round < 12; round++) {
            final long handle =
                    link(
                            entry(overflow, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL),
                            ListKind.OVERFLOW,
                            OVERFLOW);
            final MemorySegment[] own = new MemorySegment[count];
            final MemoryDescriptor[] mds = new MemoryDescriptor[count];
            for (int i = 0; i < count; i++) {
                final int length = lengths[i % lengths.length];
                own[i] = arena.allocate(Math.max(1, length));
                final MemorySegment from = arena.allocate(Math.max(1, length));
                Memory.fill(from, 0, Memory.pattern(i, length));
                mds[i] = bind(from);
            }
            for (int i = 0; i < count; i++) {
                put(mds[i], lengths[i % lengths.length], AckRequest.ACK, 0, 0, i);
                if (i >= round && i - round < count) {
                    append(own[i - round], i - round);
                }
            }
            for (int i = Math.max(0, count - round); i < count; i++) {
                append(own[i], i);
            }
            checkPipeline(count, lengths, own, overflow);
            assertEquals(ReturnCode.OK, portal.unlink(handle), this::history);
            for (final MemoryDescriptor md : mds) {
                md.close();
            }
        }
    }

    /** Rings of managed overflow entries, linked again whenever they are freed, lose nothing. */
    @Test
    void overflowRingIsRecycled() {
        final int ring = 4;
        final int messages = 300;
        final MemorySegment[] memory = new MemorySegment[ring];
        for (int i = 0; i < ring; i++) {
            memory[i] = arena.allocate(1000);
            link(ringEntry(memory[i]), ListKind.OVERFLOW, OVERFLOW + i);
        }
        final MemorySegment from = arena.allocate(300);
        final MemoryDescriptor md = bind(from);
        final Random random = new Random(5);
        final Set<Long> unlinked = new HashSet<>();
        int taken = 0;
        int sent = 0;
        int freed = 0;
        while (taken < messages) {
            if (sent < messages && sent - taken < 7) {
                final byte[] data = Memory.pattern(sent, 10 + sent % 290);
                Memory.fill(from, 0, data);
                assertEquals(data.length, putAcked(md, data.length, 0, 0, sent).mlength());
                sent++;
            }
            if (sent == messages || random.nextInt(3) == 0) {
                portal.append(
                        entry(MemorySegment.NULL, EntryOption.OP_PUT, EntryOption.USE_ONCE),
                        ListKind.PRIORITY,
                        taken);
                boolean owned = false;
                while (!owned) {
                    final Event event = next(targetQueue);
                    switch (event.kind()) {
                        case PUT, LINK -> assertTrue(event.userData() >= OVERFLOW);
                        case PUT_OVERFLOW -> {
                            assertEquals(taken, event.headerData(), this::history);
                            assertEquals(taken, event.userData(), this::history);
                            final byte[] data = Memory.pattern(taken, 10 + taken % 290);
                            Memory.assertBytes(data, event.start(), 0, "message " + taken);
                        }
                        case AUTO_UNLINK -> {
                            owned = event.userData() == taken;
                            if (!owned) {
                                unlinked.add(event.userData());
                            }
                        }
                        case AUTO_FREE -> {
                            freed++;
                            assertTrue(unlinked.remove(event.userData()), this::history);
                            final int i = (int) (event.userData() - OVERFLOW);
                            portal.append(ringEntry(memory[i]), ListKind.OVERFLOW, OVERFLOW + i);
                        }
                        default -> fail(history());
                    }
                }
                taken++;
            }
        }
        assertTrue(freed > 20, "only " + freed + " entries were recycled");
    }

    private void append(final MemorySegment own, final long user) {
        final MatchEntry entry = entry(own, EntryOption.OP_PUT, EntryOption.USE_ONCE);
        portal.append(entry, ListKind.PRIORITY, user);
    }

    private MatchEntry ringEntry(final MemorySegment memory) {
        return entry(memory, EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL).minFree(300);
    }

    /** Reads events until the entry has unlinked itself; returns the one with the data. */
    private Event awaitOwner(final long user) {
        boolean landed = false;
        boolean linked = false;
        Event data = null;
        while (true) {
            final Event event = next(targetQueue);
            if (event.userData() == OVERFLOW) {
                assertEquals(EventKind.PUT, event.kind(), this::history);
                landed = true;
                continue;
            }
            assertEquals(user, event.userData(), this::history);
            switch (event.kind()) {
                case LINK -> linked = true;
                case PUT -> {
                    assertTrue(linked && !landed && data == null, this::history);
                    data = event;
                }
                case PUT_OVERFLOW -> {
                    assertTrue(landed && !linked && data == null, this::history);
                    data = event;
                }
                case AUTO_UNLINK -> {
                    assertTrue(data != null, this::history);
                    return data;
                }
                default -> fail(history());
            }
        }
    }

    private void checkPipeline(
            final int count,
            final int[] lengths,
            final MemorySegment[] own,
            final MemorySegment overflow) {
        final boolean[] linked = new boolean[count];
        final boolean[] stored = new boolean[count];
        long lastLanded = -1;
        int ended = 0;
        while (ended < count) {
            final Event event = next(targetQueue);
            if (event.userData() == OVERFLOW) {
                assertEquals(EventKind.PUT, event.kind(), this::history);
                assertTrue(event.headerData() > lastLanded, this::history);
                lastLanded = event.headerData();
                continue;
            }
            final int i = (int) event.userData();
            switch (event.kind()) {
                case LINK -> linked[i] = true;
                case PUT, PUT_OVERFLOW -> {
                    assertEquals(event.kind() == EventKind.PUT, linked[i], this::history);
                    assertEquals(i, event.headerData(), this::history);
                    final int length = lengths[i % lengths.length];
                    assertEquals(length, event.mlength(), this::history);
                    if (length > 0) {
                        assertEquals(linked[i] ? own[i] : overflow, event.memory());
                    }
                    Memory.assertBytes(Memory.pattern(i, length), event.start(), 0, "message " + i);
                    stored[i] = true;
                }
                case AUTO_UNLINK -> {
                    assertTrue(stored[i], this::history);
                    ended++;
                }
                default -> fail(history());
            }
        }
        for (int sends = 0, acks = 0; sends < count || acks < count; ) {
            final Event event = next(initiatorQueue);
            assertEquals(NiFail.OK, event.niFail(), this::history);
            if (event.kind() == EventKind.SEND) {
                sends++;
            } else {
                assertEquals(EventKind.ACK, event.kind(), this::history);
                acks++;
            }
        }
    }
}

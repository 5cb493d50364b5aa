package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/** Messages of one initiator to one portal are matched in the order of their calls. */
abstract class OrderConformance extends ConformanceTest {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int BATCH = 100;

    OrderConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** 10,000 puts, small and large mixed: USE_ONCE entry i receives put i. */
    @Test
    void useOnceEntriesAreMetInOrder() {
        final int largest = 70_000;
        final int puts = topology == Topology.TINY ? 1000 : 10_000;
        final Random random = new Random(11);
        final MemorySegment from = arena.allocate((long) BATCH * largest);
        final MemorySegment to = arena.allocate((long) BATCH * largest);
        final MemoryDescriptor md = bind(from);
        final MatchEntry entry =
                new MatchEntry()
                        .options(
                                EntryOption.OP_PUT,
                                EntryOption.USE_ONCE,
                                EntryOption.EVENT_LINK_DISABLE);
        final int[] lengths = new int[BATCH];
        for (int first = 0; first < puts; first += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                entry.memory(to.asSlice((long) i * largest, largest));
                portal.append(entry, ListKind.PRIORITY, first + i);
            }
            for (int i = 0; i < BATCH; i++) {
                lengths[i] = length(random);
                stamp(from.asSlice((long) i * largest, lengths[i]), first + i);
                initiator.put(
                        md,
                        (long) i * largest,
                        lengths[i],
                        AckRequest.ACK,
                        target.id(),
                        portal.index(),
                        0,
                        0,
                        first + i,
                        first + i);
            }
            for (int stored = 0, unlinks = 0; stored + unlinks < 2 * BATCH; ) {
                final Event event = next(targetQueue);
                if (event.kind() == EventKind.PUT) {
                    assertEquals(event.userData(), event.headerData(), this::history);
                    final int i = (int) event.headerData() - first;
                    assertEquals(lengths[i], event.mlength(), this::history);
                    checkStamp(to.asSlice((long) i * largest, lengths[i]), event.headerData());
                    stored++;
                } else {
                    assertEquals(EventKind.AUTO_UNLINK, event.kind(), this::history);
                    unlinks++;
                }
            }
            awaitAcks(BATCH);
        }
        assertQuiet();
    }

    /** The events of one entry come in the order of its matches, large data or not. */
    @Test
    void eventsOfAnEntryAreInMatchOrder() {
        final int batches = topology == Topology.TINY ? 5 : 20;
        final Random random = new Random(12);
        final MemorySegment from = arena.allocate(70_000);
        final MemorySegment to = arena.allocate(70_000);
        final MemoryDescriptor md = bind(from);
        link(entry(to, EntryOption.OP_PUT), 1);
        for (int first = 0; first < batches * BATCH; first += BATCH) {
            for (int i = 0; i < BATCH; i++) {
                put(md, length(random), AckRequest.ACK, 0, 0, first + i);
            }
            for (int i = 0; i < BATCH; i++) {
                final Event event = expect(targetQueue, EventKind.PUT, 1);
                assertEquals(first + i, event.headerData(), this::history);
            }
            awaitAcks(BATCH);
        }
        assertQuiet();
    }

    /** Managed entries fill in the order of the calls, one after the other. */
    @Test
    void managedEntriesFillInOrder() {
        final int puts = 400;
        final Random random = new Random(13);
        final MemoryDescriptor md = bind(arena.allocate(70_000));
        final MatchEntry entry =
                entry(
                                arena.allocate(200_000),
                                EntryOption.OP_PUT,
                                EntryOption.MANAGE_LOCAL,
                                EntryOption.EVENT_LINK_DISABLE)
                        .minFree(70_000);
        final long[] used = new long[puts + 8];
        final long[] first = new long[puts + 8];
        final long[] last = new long[puts + 8];
        int entries = 0;
        while (entries < 8) {
            portal.append(entry, ListKind.PRIORITY, entries++);
        }
        int seen = 0;
        int sent = 0;
        while (seen < puts) {
            while (sent < puts && sent - seen < 16) {
                put(md, length(random), AckRequest.NO_ACK, 0, 0, sent++);
            }
            final Event event = next(targetQueue);
            final int e = (int) event.userData();
            if (event.kind() == EventKind.AUTO_UNLINK) {
                portal.append(entry, ListKind.PRIORITY, entries++);
                continue;
            }
            assertEquals(EventKind.PUT, event.kind(), this::history);
            assertEquals(event.rlength(), event.mlength(), this::history);
            assertEquals(used[e], event.startOffset(), this::history);
            if (used[e] == 0) {
                first[e] = event.headerData();
            } else {
                assertEquals(last[e] + 1, event.headerData(), this::history);
            }
            last[e] = event.headerData();
            used[e] += event.mlength();
            seen++;
        }
        assertEquals(0, first[0]);
        for (int e = 1; e < entries && used[e] > 0; e++) {
            assertEquals(last[e - 1] + 1, first[e], "entries " + (e - 1) + " and " + e);
        }
        for (int i = 0; i < puts; i++) {
            assertEquals(EventKind.SEND, next(initiatorQueue).kind(), this::history);
        }
    }

    /** Read after write: a get sees every earlier put, and none of the later ones. */
    @Test
    void getsAreOrderedWithPuts() {
        final int rounds = topology == Topology.TINY ? 200 : 1000;
        final int width =
                (int)
                        Math.min(
                                512,
                                Math.min(
                                        target.limits().maxWawOrderedSize(),
                                        target.limits().maxWarOrderedSize()));
        assertTrue(width >= 8, () -> target.limits().toString());
        final MemorySegment shared = arena.allocate(width);
        link(
                entry(
                        shared,
                        EntryOption.OP_PUT,
                        EntryOption.OP_GET,
                        EntryOption.EVENT_COMM_DISABLE),
                1);
        final int batch = 20;
        final MemorySegment values = arena.allocate((long) batch * width);
        final MemorySegment replies = arena.allocate((long) batch * width);
        final MemoryDescriptor puts = bind(values);
        final MemoryDescriptor gets = bind(replies);
        for (int first = 0; first < rounds; first += batch) {
            for (int i = 0; i < batch; i++) {
                final long at = (long) i * width;
                fillLongs(values.asSlice(at, width), first + i);
                initiator.put(
                        puts,
                        at,
                        width,
                        AckRequest.NO_ACK,
                        target.id(),
                        portal.index(),
                        0,
                        0,
                        first + i,
                        0);
                initiator.get(gets, at, width, target.id(), portal.index(), 0, 0, first + i);
            }
            int sends = 0;
            int answers = 0;
            while (sends + answers < 2 * batch) {
                final Event event = next(initiatorQueue);
                assertEquals(NiFail.OK, event.niFail(), this::history);
                if (event.kind() == EventKind.SEND) {
                    sends++;
                } else {
                    assertEquals(EventKind.REPLY, event.kind(), this::history);
                    answers++;
                }
            }
            for (int i = 0; i < batch; i++) {
                for (long at = 0; at + 8 <= width; at += 8) {
                    assertEquals(first + i, replies.get(LONG, (long) i * width + at), "at " + at);
                }
            }
        }
    }

    /** Write after write: the last put to a place is what stays. */
    @Test
    void lastPutStays() {
        final int width = (int) Math.min(512, target.limits().maxWawOrderedSize());
        final MemorySegment shared = arena.allocate(width);
        link(entry(shared, EntryOption.OP_PUT, EntryOption.EVENT_COMM_DISABLE), 1);
        final int batch = 50;
        final MemorySegment values = arena.allocate((long) batch * width);
        final MemoryDescriptor md = bind(values);
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < batch; i++) {
                final long at = (long) i * width;
                fillLongs(values.asSlice(at, width), round * 100L + i);
                initiator.put(
                        md, at, width, AckRequest.ACK, target.id(), portal.index(), 0, 0, i, 0);
            }
            awaitAcks(batch);
            for (long at = 0; at + 8 <= width; at += 8) {
                assertEquals(round * 100L + batch - 1, shared.get(LONG, at), "at " + at);
            }
        }
    }

    private void awaitAcks(final int count) {
        for (int sends = 0, acks = 0; sends + acks < 2 * count; ) {
            final Event event = next(initiatorQueue);
            assertEquals(NiFail.OK, event.niFail(), this::history);
            switch (event.kind()) {
                case SEND -> sends++;
                case ACK -> acks++;
                default -> fail(history());
            }
        }
    }

    private static int length(final Random random) {
        final int kind = random.nextInt(20);
        if (kind < 14) {
            return 16 + random.nextInt(112); // room for two stamps
        }
        if (kind < 18) {
            return 1000 + random.nextInt(8000);
        }
        return 10_000 + random.nextInt(60_000);
    }

    private static void fillLongs(final MemorySegment segment, final long value) {
        for (long at = 0; at + 8 <= segment.byteSize(); at += 8) {
            segment.set(LONG, at, value);
        }
    }

    private static void stamp(final MemorySegment segment, final long value) {
        segment.set(LONG, 0, value);
        segment.set(LONG, segment.byteSize() - 8, value);
    }

    private static void checkStamp(final MemorySegment segment, final long value) {
        assertEquals(value, segment.get(LONG, 0));
        assertEquals(value, segment.get(LONG, segment.byteSize() - 8));
    }
}

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
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** What the initiator is told: each acknowledgement request with each outcome. */
abstract class AckConformance extends ConformanceTest {
    /** The ways in which a target can refuse a request. */
    enum Outcome {
        SUCCESS(NiFail.OK, 0, 0, 0),
        NO_MATCH(NiFail.DROPPED, 1, 0, 0),
        PORTAL_DISABLED(NiFail.PT_DISABLED, 1, 0, 0),
        PORTAL_NOT_ALLOCATED(NiFail.DROPPED, 1, 0, 0),
        PORTAL_OUT_OF_RANGE(NiFail.DROPPED, 1, 0, 0),
        OP_VIOLATION(NiFail.OP_VIOLATION, 0, 0, 1),
        UID_MISMATCH(NiFail.PERM_VIOLATION, 0, 1, 0);

        private final NiFail fail;
        private final int drops;
        private final int permission;
        private final int operation;

        Outcome(final NiFail fail, final int drops, final int permission, final int operation) {
            this.fail = fail;
            this.drops = drops;
            this.permission = permission;
            this.operation = operation;
        }
    }

    private static final int LENGTH = 100;
    private static final int LARGE = 50_000;

    AckConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void noAckReportsSendOnly(final Outcome outcome) {
        for (final int length : new int[] {LENGTH, LARGE}) {
            put(outcome, length, AckRequest.NO_ACK);
            expect(initiatorQueue, EventKind.SEND, 1);
            expectPut(outcome);
            assertQuiet();
            assertCount(counter, 0, 0);
            restart(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void ackReportsSendThenAck(final Outcome outcome) {
        for (final int length : new int[] {LENGTH, LARGE}) {
            put(outcome, length, AckRequest.ACK);
            expect(initiatorQueue, EventKind.SEND, 1);
            final Event ack = expect(initiatorQueue, EventKind.ACK, 1, outcome.fail);
            assertEquals(outcome == Outcome.SUCCESS ? length : 0, ack.mlength(), this::history);
            expectPut(outcome);
            countOne(outcome);
            restart(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void ctAckCountsOnly(final Outcome outcome) {
        for (final int length : new int[] {LENGTH, LARGE}) {
            put(outcome, length, AckRequest.CT_ACK);
            expect(initiatorQueue, EventKind.SEND, 1);
            countOne(outcome);
            expectPut(outcome);
            assertQuiet();
            restart(outcome);
        }
    }

    /** The operation completed, and that is all that an OC_ACK tells: always one success. */
    @ParameterizedTest
    @EnumSource(Outcome.class)
    void ocAckCountsCompletion(final Outcome outcome) {
        for (final int length : new int[] {LENGTH, LARGE}) {
            put(outcome, length, AckRequest.OC_ACK);
            expect(initiatorQueue, EventKind.SEND, 1);
            awaitCount(counter, 1, 0);
            expectPut(outcome);
            assertQuiet();
            assertCount(counter, 1, 0);
            restart(outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void getIsAnsweredByReply(final Outcome outcome) {
        for (final int length : new int[] {LENGTH, LARGE}) {
            final MemorySegment to = arena.allocate(length).fill((byte) 7);
            final MemoryDescriptor md = bind(to, MdOption.EVENT_CT_REPLY);
            final int index = prepare(outcome, length, EntryOption.OP_GET);
            initiator.get(md, 0, length, target.id(), index, 5, 0, 1);
            final Event reply = expect(initiatorQueue, EventKind.REPLY, 1, outcome.fail);
            countOne(outcome);
            if (outcome == Outcome.SUCCESS) {
                assertEquals(length, reply.mlength());
                expect(targetQueue, EventKind.GET, 9);
                Memory.assertBytes(new byte[length], to, 0, "reply");
            } else {
                assertEquals(0, reply.mlength());
                final byte[] untouched = new byte[length];
                Arrays.fill(untouched, (byte) 7);
                Memory.assertBytes(untouched, to, 0, "memory of a refused get");
            }
            restart(outcome);
        }
    }

    /** A refused operation changes nothing: the wrong entry stays linked, USE_ONCE or not. */
    @Test
    void refusedByPermissionLeavesEntryLinked() {
        link(entry(arena.allocate(8), EntryOption.OP_GET, EntryOption.USE_ONCE), 1);
        final MemoryDescriptor md = bind(arena.allocate(8));
        for (int i = 0; i < 3; i++) {
            putRefused(md, 8, 0, i, NiFail.OP_VIOLATION);
        }
        assertRegisters(0, 0, 3);
        getReplied(md, 8, 0, 0, 5);
        expect(targetQueue, EventKind.GET, 1);
        expect(targetQueue, EventKind.AUTO_UNLINK, 1);
        getRefused(md, NiFail.DROPPED);
    }

    @Test
    void ackOfTruncatedPutTellsMovedLength() {
        link(entry(arena.allocate(100), EntryOption.OP_PUT), 1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE));
        for (final int length : new int[] {150, LARGE}) {
            final Event ack = putAcked(md, length, 0, 30, 2);
            assertEquals(70, ack.mlength());
            assertEquals(30, ack.remoteOffset());
            final Event event = expect(targetQueue, EventKind.PUT, 1);
            assertEquals(length, event.rlength());
            assertEquals(70, event.mlength());
            assertEquals(30, event.remoteOffset());
        }
    }

    @Test
    void replyOfTruncatedGetTellsMovedLength() {
        link(entry(arena.allocate(100), EntryOption.OP_GET), 1);
        final MemorySegment to = arena.allocate(LARGE).fill((byte) 3);
        final MemoryDescriptor md = bind(to);
        for (final int length : new int[] {150, LARGE}) {
            final Event reply = getReplied(md, length, 0, 30, 2);
            assertEquals(70, reply.mlength());
            assertEquals(30, reply.remoteOffset());
            final Event event = expect(targetQueue, EventKind.GET, 1);
            assertEquals(length, event.rlength());
            assertEquals(70, event.mlength());
            assertEquals((byte) 3, Memory.bytes(to, 70, 1)[0], "beyond the reply");
        }
    }

    /** The target tells the offset asked for, the initiator the offset that was used. */
    @Test
    void ackOfManagedEntryTellsOffsetUsed() {
        link(entry(arena.allocate(100), EntryOption.OP_PUT, EntryOption.MANAGE_LOCAL), 1);
        final MemoryDescriptor md = bind(arena.allocate(100));
        for (int i = 0; i < 3; i++) {
            assertEquals(10L * i, putAcked(md, 10, 0, 77, i).remoteOffset());
            final Event event = expect(targetQueue, EventKind.PUT, 1);
            assertEquals(77, event.remoteOffset());
            assertEquals(10L * i, event.startOffset());
        }
    }

    @Test
    void ackTellsTheList() {
        link(entry(arena.allocate(8), EntryOption.OP_PUT).matchBits(1), 1);
        link(entry(arena.allocate(8), EntryOption.OP_PUT).matchBits(2), ListKind.OVERFLOW, 2);
        final MemoryDescriptor md = bind(arena.allocate(8));
        assertEquals(ListKind.PRIORITY, putAcked(md, 8, 1, 0, 3).list());
        assertEquals(ListKind.OVERFLOW, putAcked(md, 8, 2, 0, 4).list());
        assertEquals(ListKind.PRIORITY, expect(targetQueue, EventKind.PUT, 1).list());
        assertEquals(ListKind.OVERFLOW, expect(targetQueue, EventKind.PUT, 2).list());
    }

    /** Portals 4.2: an entry may forbid acknowledgements, of all kinds and even if asked for. */
    @Test
    void entryDisablesAcks() {
        link(entry(arena.allocate(LARGE), EntryOption.OP_PUT, EntryOption.ACK_DISABLE), 1);
        final MemoryDescriptor md = bind(arena.allocate(LARGE), MdOption.EVENT_CT_ACK);
        for (final int length : new int[] {LENGTH, LARGE}) {
            for (final AckRequest request : AckRequest.values()) {
                put(md, length, request, 0, 0, 2);
                expect(initiatorQueue, EventKind.SEND, 2);
                expect(targetQueue, EventKind.PUT, 1);
            }
        }
        assertQuiet();
        assertCount(counter, 0, 0);
    }

    private void put(final Outcome outcome, final int length, final AckRequest request) {
        final MemoryDescriptor md = bind(arena.allocate(length), MdOption.EVENT_CT_ACK);
        final int index = prepare(outcome, length, EntryOption.OP_PUT);
        initiator.put(md, 0, length, request, target.id(), index, 5, 0, 1, 1);
    }

    private void getRefused(final MemoryDescriptor md, final NiFail fail) {
        get(md, 8, 0, 0, 6);
        expect(initiatorQueue, EventKind.REPLY, 6, fail);
    }

    /** Makes the target answer with an outcome; returns the portal index to use. */
    private int prepare(final Outcome outcome, final int length, final EntryOption operation) {
        final EntryOption other =
                operation == EntryOption.OP_PUT ? EntryOption.OP_GET : EntryOption.OP_PUT;
        final MemorySegment memory = arena.allocate(length);
        final EntryOption permitted = outcome == Outcome.OP_VIOLATION ? other : operation;
        final int uid = outcome == Outcome.UID_MISMATCH ? target.uid() + 1 : target.uid();
        link(entry(memory, permitted).matchBits(outcome == Outcome.NO_MATCH ? 4 : 5).uid(uid), 9);
        switch (outcome) {
            case PORTAL_DISABLED -> portal.disable();
            case PORTAL_NOT_ALLOCATED -> {
                return portal.index() + 1;
            }
            case PORTAL_OUT_OF_RANGE -> {
                return target.limits().maxPtIndex() + 1;
            }
            default -> {}
        }
        return portal.index();
    }

    private void expectPut(final Outcome outcome) {
        if (outcome == Outcome.SUCCESS) {
            expect(targetQueue, EventKind.PUT, 9);
        }
    }

    private void countOne(final Outcome outcome) {
        final int success = outcome == Outcome.SUCCESS ? 1 : 0;
        awaitCount(counter, success, 1 - success);
    }

    /** Ends a round: registers are as told, nothing further came; the next round starts anew. */
    private void restart(final Outcome outcome) {
        assertQuiet();
        assertRegisters(outcome.drops, outcome.permission, outcome.operation);
        reopenInterfaces(limits());
        openObjects();
    }
}

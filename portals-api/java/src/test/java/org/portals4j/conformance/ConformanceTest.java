package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.function.Executable;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.StatusRegister;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The words to say what is done and what must happen: the base of every subject. */
abstract class ConformanceTest extends ConformanceFixture {
    private static final long MARK = 0x4d41524bL;

    ConformanceTest(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    // ---- doing ----

    final MemoryDescriptor bind(final MemorySegment memory, final MdOption... options) {
        return initiator.bind(
                MemoryDescriptor.of(memory)
                        .options(options)
                        .eventQueue(initiatorQueue)
                        .counter(counter));
    }

    /** Appends to the priority list and awaits the LINK event. */
    final long link(final MatchEntry entry, final long userData) {
        return link(entry, ListKind.PRIORITY, userData);
    }

    final long link(final MatchEntry entry, final ListKind list, final long userData) {
        final long handle = portal.append(entry, list, userData);
        final Event event = expect(targetQueue, EventKind.LINK, userData);
        assertEquals(portal.index(), event.portalIndex(), this::history);
        return handle;
    }

    final MatchEntry entry(final MemorySegment memory, final EntryOption... options) {
        return new MatchEntry(memory, options);
    }

    final void put(
            final MemoryDescriptor md,
            final long length,
            final AckRequest ack,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        initiator.put(
                md,
                0,
                length,
                ack,
                target.id(),
                portal.index(),
                matchBits,
                remoteOffset,
                userData,
                userData);
    }

    /** A put with an ACK that must succeed; returns the ACK event. */
    final Event putAcked(
            final MemoryDescriptor md,
            final long length,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        put(md, length, AckRequest.ACK, matchBits, remoteOffset, userData);
        expect(initiatorQueue, EventKind.SEND, userData);
        return expect(initiatorQueue, EventKind.ACK, userData);
    }

    /** A put with an ACK that must be refused. */
    final void putRefused(
            final MemoryDescriptor md,
            final long length,
            final long matchBits,
            final long userData,
            final NiFail fail) {
        put(md, length, AckRequest.ACK, matchBits, 0, userData);
        expect(initiatorQueue, EventKind.SEND, userData);
        final Event ack = expect(initiatorQueue, EventKind.ACK, userData, fail);
        assertEquals(0, ack.mlength(), this::history);
    }

    final void get(
            final MemoryDescriptor md,
            final long length,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        initiator.get(
                md, 0, length, target.id(), portal.index(), matchBits, remoteOffset, userData);
    }

    /** A get that must succeed; returns the REPLY event. */
    final Event getReplied(
            final MemoryDescriptor md,
            final long length,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        get(md, length, matchBits, remoteOffset, userData);
        return expect(initiatorQueue, EventKind.REPLY, userData);
    }

    // ---- expecting ----

    /** The next event of a queue; its absence fails with everything seen. */
    final Event next(final EventQueue queue) {
        final Event event = new Event();
        final ReturnCode code = queue.await(event, deadlineNs());
        if (code != ReturnCode.OK) {
            fail("await answered " + code + "\n" + history());
        }
        note(queue, event);
        return event;
    }

    final Event expect(final EventQueue queue, final EventKind kind, final long userData) {
        return expect(queue, kind, userData, NiFail.OK);
    }

    final Event expect(
            final EventQueue queue, final EventKind kind, final long userData, final NiFail fail) {
        final Event event = next(queue);
        assertEquals(
                kind + " of " + userData + " " + fail,
                event.kind() + " of " + event.userData() + " " + event.niFail(),
                this::history);
        return event;
    }

    /**
     * Checks that neither queue has or gets a further event of what was done before: the events of
     * a marker operation come next. What was done before must have been seen to complete.
     */
    final void assertQuiet() {
        prepareMarker();
        mark();
        expect(initiatorQueue, EventKind.SEND, MARK);
        expect(initiatorQueue, EventKind.ACK, MARK);
        expect(targetQueue, EventKind.PUT, MARK);
    }

    /** The instance still works: a marker goes through, whatever other events come before it. */
    final void assertUsable() {
        prepareMarker();
        mark();
        skipToMark(initiatorQueue, EventKind.ACK);
        skipToMark(targetQueue, EventKind.PUT);
    }

    private void prepareMarker() {
        if (markerPortal == null) {
            markerPortal =
                    target.allocatePortal(
                            OptionSet.none(), targetQueue, target.limits().maxPtIndex());
            final MatchEntry entry =
                    entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE);
            markerPortal.append(entry, ListKind.PRIORITY, MARK);
            markerMd =
                    initiator.bind(
                            MemoryDescriptor.of(arena.allocate(8)).eventQueue(initiatorQueue));
        }
    }

    private void skipToMark(final EventQueue queue, final EventKind kind) {
        boolean found = false;
        while (!found) {
            final Event event = next(queue);
            found = event.kind() == kind && event.userData() == MARK;
        }
    }

    private void mark() {
        initiator.put(
                markerMd,
                0,
                8,
                AckRequest.ACK,
                target.id(),
                markerPortal.index(),
                0,
                0,
                MARK,
                MARK);
    }

    /** Takes what is in a queue now. */
    final void drain(final EventQueue queue) {
        final Event event = new Event();
        while (queue.get(event) == ReturnCode.OK) {
            note(queue, event);
        }
    }

    /** Waits until both counters of a counting event have exactly these values. */
    final void awaitCount(final CountingEvent ct, final long success, final long failure) {
        eventually(
                () -> ct.success() == success && ct.failure() == failure,
                () ->
                        "counter is {"
                                + ct.success()
                                + ", "
                                + ct.failure()
                                + "}, expected {"
                                + success
                                + ", "
                                + failure
                                + "}");
    }

    final void assertCount(final CountingEvent ct, final long success, final long failure) {
        assertEquals(success, ct.success(), () -> "successes\n" + history());
        assertEquals(failure, ct.failure(), () -> "failures\n" + history());
    }

    final void assertRegisters(final long drops, final long permission, final long operation) {
        assertEquals(drops, target.status(StatusRegister.DROP_COUNT), this::history);
        assertEquals(
                permission, target.status(StatusRegister.PERMISSION_VIOLATIONS), this::history);
        assertEquals(operation, target.status(StatusRegister.OPERATION_VIOLATIONS), this::history);
    }

    /** Waits, making progress, until a condition holds. */
    final void eventually(final BooleanSupplier condition, final Supplier<String> what) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > deadlineNs()) {
                fail(what.get() + "\n" + history());
            }
            if (initiatorPortals.progress() + targetPortals.progress() == 0) {
                LockSupport.parkNanos(20_000);
            }
        }
    }

    /** Checks that a call is refused with a code and a message that says more than the code. */
    static void assertRefused(final ReturnCode code, final Executable call) {
        final PortalsException e = assertThrows(PortalsException.class, call);
        assertEquals(code, e.code(), e::toString);
        assertTrue(e.getMessage().length() > code.name().length() + 4, e::toString);
    }
}

package org.portals4j.tools.files;

import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.StatusRegister;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * What both sides have: the CONTROL portal with its {@linkplain InboundRing ring}, the PROBE
 * portal, the {@linkplain Outbox messages on their way out}, and the one event queue of them all.
 * One thread polls; any thread sends.
 */
final class Mailbox implements AutoCloseable {
    private static final int QUEUE_EVENTS = 16384;
    private static final int MAX_EVENTS_PER_POLL = 256;
    private static final long PROBE_BYTES = 8;

    /** Who is told what came. */
    interface Handler {
        /** A control message; the body is valid during the call. */
        void onMessage(ProcessId from, MessageType type, long id, MemorySegment body);

        /** An operation on file contents, or of the latency measurement, has ended. */
        void onEnded(Event event);

        /** A control message or a probe could not be delivered, or a put broke off. */
        void onUndelivered(ProcessId peer, NiFail why);
    }

    private final NetworkInterface ni;
    private final Arena arena = Arena.ofShared();
    private final EventQueue queue;
    private final PortalTableEntry control;
    private final PortalTableEntry probe;
    private final InboundRing ring;
    private final Outbox outbox;
    private final MemoryDescriptor probeMd;
    private final Map<Long, ProcessId> probes = new HashMap<>();
    private final Event event = new Event();
    private long probeNumber;
    private long events;
    private long lostEvents;

    Mailbox(final NetworkInterface ni) {
        this.ni = ni;
        queue = ni.allocateEventQueue(QUEUE_EVENTS);
        control = ni.allocatePortal(OptionSet.none(), queue, Protocol.CONTROL);
        probe = ni.allocatePortal(OptionSet.none(), queue, Protocol.PROBE);
        probe.append(
                new MatchEntry(
                                arena.allocate(PROBE_BYTES),
                                EntryOption.OP_PUT,
                                EntryOption.EVENT_LINK_DISABLE,
                                EntryOption.EVENT_COMM_DISABLE)
                        .matchBits(Protocol.PROBE_BITS),
                ListKind.PRIORITY,
                0);
        ring = new InboundRing(control, arena);
        outbox = new Outbox(ni, queue, arena);
        probeMd = ni.bind(MemoryDescriptor.of(arena.allocate(PROBE_BYTES)).eventQueue(queue));
    }

    NetworkInterface networkInterface() {
        return ni;
    }

    EventQueue queue() {
        return queue;
    }

    /** Sends a control message; never waits. */
    void send(final ProcessId target, final MessageType type, final long id, final byte[] body) {
        outbox.send(target, type, id, body);
    }

    /** Sends no more control messages: an attempt to reach a dead peer would take its time. */
    void stopSending() {
        outbox.stop();
    }

    /** Control messages that are not acknowledged yet. */
    int unsent() {
        return outbox.pending();
    }

    /** Asks the library whether a process lives, unless the last question is still open. */
    void probe(final ProcessId peer) {
        if (!probes.containsValue(peer)) {
            final long number = ++probeNumber;
            probes.put(number, peer);
            putProbe(peer, 0, Protocol.tag(Protocol.TAG_PROBE, number));
        }
    }

    /** Puts eight bytes to a peer's PROBE portal and asks for an ACK. */
    void putEightBytes(final ProcessId peer, final long userData) {
        putProbe(peer, PROBE_BYTES, userData);
    }

    /** Events handled so far. */
    long events() {
        return events;
    }

    /** Requests that this interface has refused, and times that its queue overflowed. */
    long drops() {
        return lostEvents + ni.status(StatusRegister.DROP_COUNT);
    }

    /**
     * Waits for something to happen and handles it, and what else is there.
     *
     * @param timeoutNs how long to wait at most
     * @param handler told of it
     * @return false if the wait ended because the thread was interrupted or the interface closed
     */
    boolean poll(final long timeoutNs, final Handler handler) {
        try {
            return pollOpen(timeoutNs, handler);
        } catch (final PortalsException e) {
            if (e.code() == ReturnCode.NO_INIT || e.code() == ReturnCode.ARG_INVALID) {
                return false; // closed under our feet
            }
            throw e;
        }
    }

    private boolean pollOpen(final long timeoutNs, final Handler handler) {
        final long retryNs = outbox.tick(System.nanoTime());
        ReturnCode code = queue.await(event, Math.min(timeoutNs, retryNs));
        for (int i = 1; code == ReturnCode.OK || code == ReturnCode.EQ_DROPPED; i++) {
            if (code == ReturnCode.EQ_DROPPED) {
                lostEvents++;
            }
            events++;
            dispatch(handler);
            if (i == MAX_EVENTS_PER_POLL) {
                return true;
            }
            code = queue.get(event);
        }
        return code != ReturnCode.INTERRUPTED;
    }

    @Override
    public void close() {
        control.close();
        probe.close();
        outbox.close();
        probeMd.close();
        queue.close();
        arena.close();
    }

    private void dispatch(final Handler handler) {
        switch (event.kind()) {
            case PUT -> onPut(handler);
            case AUTO_UNLINK -> ring.append((int) Protocol.valueOf(event.userData()));
            case ACK, REPLY -> onEnded(handler);
            case SEND -> {
                if (event.niFail() != NiFail.OK) {
                    onEnded(handler);
                }
            }
            default -> {}
        }
    }

    private void onPut(final Handler handler) {
        if (event.niFail() != NiFail.OK) {
            handler.onUndelivered(event.initiator(), event.niFail());
            return;
        }
        final MessageType type = MessageType.of(event.headerData());
        if (Protocol.tagOf(event.userData()) == Protocol.TAG_RING && type != null) {
            handler.onMessage(
                    event.initiator(), type, MessageType.id(event.headerData()), event.start());
        }
    }

    private void onEnded(final Handler handler) {
        switch (Protocol.tagOf(event.userData())) {
            case Protocol.TAG_OUTBOX -> {
                final Outbox.Undelivered undelivered = outbox.onEnded(event);
                if (undelivered != null) {
                    handler.onUndelivered(undelivered.target(), undelivered.why());
                }
            }
            case Protocol.TAG_PROBE -> {
                final ProcessId peer = probes.remove(Protocol.valueOf(event.userData()));
                if (peer != null && event.niFail() != NiFail.OK) {
                    handler.onUndelivered(peer, event.niFail());
                }
            }
            default -> {
                if (event.kind() != EventKind.SEND || event.niFail() != NiFail.OK) {
                    handler.onEnded(event);
                }
            }
        }
    }

    private void putProbe(final ProcessId peer, final long length, final long userData) {
        ni.put(
                probeMd,
                0,
                length,
                AckRequest.ACK,
                peer,
                Protocol.PROBE,
                Protocol.PROBE_BITS,
                0,
                userData,
                0);
    }
}

package org.portals4j.engine.initiator;

import org.portals4j.AckRequest;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MdOption;
import org.portals4j.NiFail;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;

/**
 * Posts SEND, ACK and REPLY and counts them (sections 3.13 and 3.14). The terminal outcomes are
 * tabled in the README of this module. Guarded by the instance's lock.
 */
final class InitiatorEvents {
    private static final ListKind[] LISTS = ListKind.values();

    private InitiatorEvents() {}

    static void send(final Operation operation, final BoundMemory md, final NiFail fail) {
        operation.sendPosted = true;
        if (!md.has(MdOption.EVENT_SEND_DISABLE)) {
            final long sent = fail == NiFail.OK ? operation.length : 0;
            post(operation, md, EventKind.SEND, fail, sent, operation.remoteOffset, 0);
        }
        count(md, MdOption.EVENT_CT_SEND, fail, operation.length);
    }

    static void ack(
            final Operation operation,
            final BoundMemory md,
            final NiFail fail,
            final long mlength,
            final long remoteOffset,
            final int list) {
        switch (operation.ack) {
            case NO_ACK -> {}
            case ACK -> {
                post(operation, md, EventKind.ACK, fail, mlength, remoteOffset, list);
                count(md, MdOption.EVENT_CT_ACK, fail, mlength);
            }
            case CT_ACK -> count(md, MdOption.EVENT_CT_ACK, fail, mlength);
            case OC_ACK -> countCompletion(md, fail);
        }
    }

    // it completed, well or not: only an operation whose end nobody knows is a failure
    private static void countCompletion(final BoundMemory md, final NiFail fail) {
        final EngineCountingEvent counter = md.counter;
        if (counter != null && md.has(MdOption.EVENT_CT_ACK)) {
            if (fail == NiFail.UNDELIVERABLE) {
                counter.addFailure();
            } else {
                counter.addSuccess(1);
            }
        }
    }

    static void reply(
            final Operation operation,
            final BoundMemory md,
            final NiFail fail,
            final long mlength,
            final long remoteOffset,
            final int list) {
        post(operation, md, EventKind.REPLY, fail, mlength, remoteOffset, list);
        count(md, MdOption.EVENT_CT_REPLY, fail, mlength);
    }

    /**
     * The request never left, or its data did not: SEND tells, or ACK where the program asked for
     * no SEND.
     */
    static void unsent(final Operation operation, final BoundMemory md, final NiFail fail) {
        send(operation, md, fail);
        if (operation.ack == AckRequest.ACK && md.has(MdOption.EVENT_SEND_DISABLE)) {
            post(operation, md, EventKind.ACK, fail, 0, operation.remoteOffset, 0);
        }
        if (operation.ack != AckRequest.NO_ACK && !md.has(MdOption.EVENT_CT_SEND)) {
            count(md, MdOption.EVENT_CT_ACK, fail, 0);
        }
    }

    private static void count(
            final BoundMemory md, final MdOption option, final NiFail fail, final long bytes) {
        final EngineCountingEvent counter = md.counter;
        if (counter != null && md.has(option)) {
            if (fail != NiFail.OK) {
                counter.addFailure();
            } else {
                counter.addSuccess(md.has(MdOption.EVENT_CT_BYTES) ? bytes : 1);
            }
        }
    }

    private static void post(
            final Operation operation,
            final BoundMemory md,
            final EventKind kind,
            final NiFail fail,
            final long mlength,
            final long remoteOffset,
            final int list) {
        final EngineEventQueue queue = md.queue;
        if (queue == null || fail == NiFail.OK && md.has(MdOption.EVENT_SUCCESS_DISABLE)) {
            return;
        }
        queue.claim()
                .kind(kind)
                .niFail(fail)
                .list(LISTS[list])
                .portalIndex(operation.portalIndex)
                .matchBits(operation.matchBits)
                .rlength(operation.length)
                .mlength(mlength)
                .remoteOffset(remoteOffset)
                .userData(operation.userData)
                .headerData(operation.headerData)
                .memory(null);
        queue.publish();
    }
}

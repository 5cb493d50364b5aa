package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;
import static org.portals4j.loopback.sim.Pattern.checkByte;

import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;

import java.lang.foreign.MemorySegment;

/**
 * A put or get and the oracle of its initiator's side. Each operation has a descriptor and memory
 * of its own, so that the release of the descriptor tells that it has ended, and its events name it
 * by their user data.
 */
final class Operation {
    /** What was asked for. */
    record Request(
            long id,
            boolean isPut,
            AckRequest ack,
            OptionSet<MdOption> options,
            long localOffset,
            long length,
            int target,
            int portal,
            long matchBits,
            long remoteOffset) {}

    private final Request request;
    private final long initiatorLife;
    private final long targetLife;
    private final MemorySegment memory;
    private final CountingEvent counter;
    private final MemoryDescriptor md;

    private int sends;
    private int acks;
    private int replies;
    private NiFail sendFail = NiFail.OK;
    private NiFail answerFail = NiFail.OK;
    private long answerLength;

    /** The target's side: PUT and PUT_OVERFLOW events, and where the data went. */
    int puts;

    int overflows;
    TargetEntry placedIn;
    long placedAt;
    long placedLength;
    boolean putFailed;

    Operation(
            final Request request,
            final long initiatorLife,
            final long targetLife,
            final MemorySegment memory,
            final CountingEvent counter,
            final MemoryDescriptor md) {
        this.request = request;
        this.initiatorLife = initiatorLife;
        this.targetLife = targetLife;
        this.memory = memory;
        this.counter = counter;
        this.md = md;
    }

    /** Fills memory with what a put sends, and with what a get must overwrite. */
    static void fill(final MemorySegment memory, final Request request) {
        for (long i = 0; i < memory.byteSize(); i++) {
            Pattern.set(memory, i, initial(request, i));
        }
    }

    private static byte initial(final Request request, final long i) {
        final long at = i - request.localOffset();
        return request.isPut() && at >= 0 && at < request.length()
                ? Pattern.put(request.id(), at)
                : Pattern.unwritten(i);
    }

    Request request() {
        return request;
    }

    long id() {
        return request.id();
    }

    long initiatorLife() {
        return initiatorLife;
    }

    long targetLife() {
        return targetLife;
    }

    MemoryDescriptor md() {
        return md;
    }

    /** An event of the initiator. */
    void onEvent(final Event event, final boolean faulty) {
        check(faulty || event.niFail() != NiFail.UNDELIVERABLE, "undeliverable, why?", this);
        check(
                event.niFail() != NiFail.OK || !has(MdOption.EVENT_SUCCESS_DISABLE),
                "success although disabled",
                this);
        switch (event.kind()) {
            case SEND -> onSend(event);
            case ACK -> onAck(event);
            case REPLY -> onReply(event);
            default -> check(false, () -> "event " + event.kind(), this);
        }
    }

    private void onSend(final Event event) {
        check(request.isPut() && !has(MdOption.EVENT_SEND_DISABLE), "SEND not asked for", this);
        check(++sends == 1, "SEND twice", this);
        check(acks == 0, "SEND behind ACK", this);
        sendFail = event.niFail();
        check(
                sendFail == NiFail.OK || sendFail == NiFail.UNDELIVERABLE,
                () -> "SEND " + sendFail,
                this);
    }

    private void onAck(final Event event) {
        check(request.isPut() && request.ack() == AckRequest.ACK, "ACK not asked for", this);
        check(++acks == 1, "ACK twice", this);
        check(sends == 1 || mayLackSend(), "ACK before SEND", this);
        onAnswer(event);
    }

    private void onReply(final Event event) {
        check(!request.isPut(), "REPLY to a put", this);
        check(++replies == 1, "REPLY twice", this);
        onAnswer(event);
        if (answerFail == NiFail.OK) {
            for (long i = 0; i < answerLength; i++) {
                final byte got = Pattern.at(memory, request.localOffset() + i);
                checkByte(got == Pattern.get(event.remoteOffset() + i), i, this);
            }
            checkUntouched(request.localOffset() + answerLength);
        }
    }

    private void onAnswer(final Event event) {
        answerFail = event.niFail();
        answerLength = event.mlength();
        check(answerLength <= request.length(), () -> "mlength=" + answerLength, this);
        check(answerFail == NiFail.OK || answerLength == 0, "length of a failure", this);
    }

    private boolean mayLackSend() {
        return has(MdOption.EVENT_SEND_DISABLE) || has(MdOption.EVENT_SUCCESS_DISABLE);
    }

    private boolean has(final MdOption option) {
        return request.options().contains(option);
    }

    /** The descriptor is released: all events that were promised must have come. */
    void checkEnded(final boolean faulty) {
        final boolean silent = has(MdOption.EVENT_SUCCESS_DISABLE);
        if (request.isPut()) {
            check(sends == 1 || mayLackSend(), "SEND missing", this);
            final boolean told = silent || sendFail != NiFail.OK;
            final int wanted = request.ack() == AckRequest.ACK ? 1 : 0;
            check(acks == wanted || (told && acks < wanted), "ACK missing", this);
        } else {
            check(replies == 1 || silent, "REPLY missing", this);
        }
        checkUntouched(request.isPut() ? 0 : request.localOffset() + request.length());
        checkCounts(faulty);
        counter.close();
    }

    private void checkCounts(final boolean faulty) {
        int wanted = 0;
        if (request.isPut()) {
            wanted += has(MdOption.EVENT_CT_SEND) ? 1 : 0;
            final boolean acked = request.ack() != AckRequest.NO_ACK;
            wanted += acked && has(MdOption.EVENT_CT_ACK) ? 1 : 0;
        } else {
            wanted += has(MdOption.EVENT_CT_REPLY) ? 1 : 0;
        }
        final long counted = counter.success() + counter.failure();
        check(counted <= wanted, () -> "counted " + counted, this);
        check(faulty || counted == wanted, () -> "counted only " + counted, this);
    }

    /** Before and behind what a get may write, and all of a put's memory, must be as filled. */
    private void checkUntouched(final long from) {
        final long before = Math.min(from, request.localOffset());
        for (long i = 0; i < before; i++) {
            checkByte(Pattern.at(memory, i) == initial(request, i), i, this);
        }
        for (long i = from; i < memory.byteSize(); i++) {
            checkByte(Pattern.at(memory, i) == initial(request, i), i, this);
        }
    }

    /** The run has settled and the target lives: what was acknowledged must have been placed. */
    void checkPlaced() {
        if (acks == 1 && answerFail == NiFail.OK) {
            check(puts == 1 && !putFailed, "acknowledged, not placed", this);
            check(placedLength == answerLength, () -> "acknowledged " + answerLength, this);
        }
    }

    @Override
    public String toString() {
        return (request.isPut() ? EventKind.PUT : EventKind.GET)
                + " of life "
                + initiatorLife
                + " "
                + request
                + " sends="
                + sends
                + " acks="
                + acks
                + " replies="
                + replies
                + " "
                + sendFail
                + "/"
                + answerFail
                + " mlength="
                + answerLength
                + " puts="
                + puts
                + " placed="
                + placedLength
                + "@"
                + placedAt;
    }
}

package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;
import static org.portals4j.loopback.sim.Pattern.checkByte;

import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A put or get and the oracle of its initiator's side. Each operation has a descriptor, a counter
 * and memory of its own, so that the release of the descriptor tells that it has ended. Its events
 * name it by their user data, those of the target by the upper match bits.
 *
 * <p>When it has ended, its events and counts must fit one of the {@link Outcome outcomes}; when
 * the run has settled, one that fits what the target has seen.
 */
final class Operation {
    private static final int ID_SHIFT = 8;

    /** What was asked for. */
    record Request(
            long id,
            boolean isPut,
            AckRequest ack,
            OptionSet<MdOption> options,
            long localOffset,
            long length,
            int initiator,
            int target,
            int portal,
            long matchBits,
            long remoteOffset) {}

    /** How an operation can end. */
    enum Outcome {
        /** The request never left, or its bytes did not. */
        UNSENT,
        /** It left, and nobody answers. */
        LOST,
        /** The target says no. */
        REFUSED,
        /** The target has done it. */
        DONE,
        /** The target has done it and keeps silent: the entry disables acknowledgements. */
        SILENT
    }

    private final Request request;
    private final long initiatorLife;
    private final long targetLife;
    private final Memory memory;
    private final CountingEvent counter;
    private final MemoryDescriptor md;

    private int sends;
    private int acks;
    private int replies;
    private NiFail sendFail = NiFail.OK;
    private NiFail answerFail = NiFail.OK;
    private long answerLength = -1;
    private long answerOffset;
    private boolean ended;
    private long success;
    private long failure;

    /** What the target has told: PUT or GET, X_OVERFLOW, and where the data is. */
    int communications;

    int overflows;
    TargetEntry placedIn;
    TargetEntry claimer;
    long placedAt;
    long placedLength;
    NiFail placedFail = NiFail.OK;

    Operation(
            final Request request,
            final long initiatorLife,
            final long targetLife,
            final Memory memory,
            final CountingEvent counter,
            final MemoryDescriptor md) {
        this.request = request;
        this.initiatorLife = initiatorLife;
        this.targetLife = targetLife;
        this.memory = memory;
        this.counter = counter;
        this.md = md;
    }

    /** The match bits of an operation that asks for an entry of these bits. */
    static long bitsOf(final long id, final long bits) {
        return id << ID_SHIFT | bits;
    }

    /** The bits that every entry ignores. */
    static long ignored() {
        return -1L << ID_SHIFT;
    }

    /** The operation that match bits name. */
    static long idOf(final long matchBits) {
        return matchBits >>> ID_SHIFT;
    }

    /** Fills memory with what a put sends, and with what a get must overwrite. */
    static void fill(final MemorySegment memory, final Request request) {
        Pattern.write(initial(request, (int) memory.byteSize()), memory);
    }

    private static byte[] initial(final Request request, final int size) {
        final byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            final long at = i - request.localOffset();
            bytes[i] =
                    request.isPut() && at >= 0 && at < request.length()
                            ? Pattern.put(request.id(), at)
                            : Pattern.unwritten(i);
        }
        return bytes;
    }

    Request request() {
        return request;
    }

    long id() {
        return request.id();
    }

    boolean isPut() {
        return request.isPut();
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

    Memory memory() {
        return memory;
    }

    NiFail answerFail() {
        return answerFail;
    }

    /** An event of the initiator. */
    void onEvent(final Event event, final boolean mayFail) {
        check(mayFail || event.niFail() != NiFail.UNDELIVERABLE, "undeliverable, why?", this);
        check(
                event.niFail() != NiFail.OK || !has(MdOption.EVENT_SUCCESS_DISABLE),
                "success although disabled",
                this);
        check(!ended, () -> "after the end: " + event, this);
        check(event.matchBits() == request.matchBits(), event::toString, this);
        switch (event.kind()) {
            case SEND -> onSend(event);
            case ACK -> onAck(event);
            case REPLY -> onReply(event);
            default -> check(false, () -> "event " + event.kind(), this);
        }
        if (isLast(event)) {
            check(md.release() == ReturnCode.OK, "in use after the last event", this);
        }
    }

    private void onSend(final Event event) {
        check(isPut() && !has(MdOption.EVENT_SEND_DISABLE), "SEND not asked for", this);
        check(++sends == 1, "SEND twice", this);
        check(acks == 0, "SEND behind ACK", this);
        sendFail = event.niFail();
        check(
                sendFail == NiFail.OK
                        || sendFail == NiFail.UNDELIVERABLE
                        || sendFail == NiFail.SEGV && memory.isLost(),
                () -> "SEND " + sendFail,
                this);
    }

    private void onAck(final Event event) {
        check(isPut() && request.ack() == AckRequest.ACK, "ACK not asked for", this);
        check(++acks == 1, "ACK twice", this);
        check(sends == 1 || mayLackSend(), "ACK before SEND", this);
        onAnswer(event);
    }

    private void onReply(final Event event) {
        check(!isPut(), "REPLY to a put", this);
        check(++replies == 1, "REPLY twice", this);
        onAnswer(event);
        if (answerFail == NiFail.OK) {
            checkReceived(answerOffset, answerLength);
        }
    }

    private void onAnswer(final Event event) {
        answerFail = event.niFail();
        answerLength = event.mlength();
        answerOffset = event.remoteOffset();
        check(answerLength <= request.length(), () -> "mlength=" + answerLength, this);
        check(answerFail == NiFail.OK || answerLength == 0, "length of a failure", this);
    }

    private boolean isLast(final Event event) {
        return event.kind() != EventKind.SEND
                || request.ack() == AckRequest.NO_ACK
                || event.niFail() != NiFail.OK;
    }

    private boolean mayLackSend() {
        return has(MdOption.EVENT_SEND_DISABLE) || has(MdOption.EVENT_SUCCESS_DISABLE);
    }

    private boolean has(final MdOption option) {
        return request.options().contains(option);
    }

    /** The descriptor is released: all events that were promised must have come. */
    void end(final boolean mayFail) {
        ended = true;
        success = counter.success();
        failure = counter.failure();
        counter.close();
        check(
                !fitting(EnumSet.allOf(Outcome.class), -1, mayFail).isEmpty(),
                () -> "events or counts: success=" + success + " failure=" + failure,
                this);
        if (isPut() && !memory.isLost()) {
            final byte[] wanted = initial(request, (int) memory.segment().byteSize());
            checkBytes(Arrays.mismatch(wanted, Pattern.read(memory.segment())));
        }
    }

    private void checkBytes(final int mismatch) {
        checkByte(mismatch < 0, mismatch, this);
    }

    /** What a get has received, and that the rest of its memory is as it was. */
    private void checkReceived(final long offset, final long length) {
        if (memory.isLost()) {
            return;
        }
        final byte[] wanted = initial(request, (int) memory.segment().byteSize());
        for (int i = 0; i < length; i++) {
            wanted[(int) request.localOffset() + i] = Pattern.get(offset + i);
        }
        checkBytes(Arrays.mismatch(wanted, Pattern.read(memory.segment())));
    }

    /** Those of some outcomes that events and counts fit. A length of -1 is not known. */
    private Set<Outcome> fitting(
            final Set<Outcome> outcomes, final long length, final boolean mayFail) {
        final Set<Outcome> fitting = EnumSet.noneOf(Outcome.class);
        for (final Outcome outcome : outcomes) {
            final boolean failed = outcome == Outcome.UNSENT || outcome == Outcome.LOST;
            if ((mayFail || !failed)
                    && (isPut() ? putFits(outcome) : getFits(outcome))
                    && countsFit(outcome, length)) {
                fitting.add(outcome);
            }
        }
        return fitting;
    }

    private boolean putFits(final Outcome outcome) {
        final boolean silent = has(MdOption.EVENT_SUCCESS_DISABLE);
        final boolean withSend = !has(MdOption.EVENT_SEND_DISABLE);
        final boolean unsent = outcome == Outcome.UNSENT;
        final boolean send = withSend && (unsent || !silent);
        final boolean ack =
                request.ack() == AckRequest.ACK
                        && switch (outcome) {
                            case UNSENT -> !withSend;
                            case LOST, REFUSED -> true;
                            case DONE -> !silent;
                            case SILENT -> false;
                        };
        return sends == (send ? 1 : 0)
                && (!send || unsent == (sendFail != NiFail.OK))
                && acks == (ack ? 1 : 0)
                && (!ack || (outcome == Outcome.DONE) == (answerFail == NiFail.OK));
    }

    private boolean getFits(final Outcome outcome) {
        return switch (outcome) {
            case UNSENT, SILENT -> false;
            case LOST, REFUSED -> replies == 1 && answerFail != NiFail.OK;
            case DONE ->
                    replies == (has(MdOption.EVENT_SUCCESS_DISABLE) ? 0 : 1)
                            && answerFail == NiFail.OK;
        };
    }

    private boolean countsFit(final Outcome outcome, final long knownLength) {
        final long length = knownLength < 0 ? answerLength : knownLength;
        final boolean acked = request.ack() != AckRequest.NO_ACK;
        final boolean done = outcome == Outcome.DONE;
        final MdOption answer = isPut() ? MdOption.EVENT_CT_ACK : MdOption.EVENT_CT_REPLY;
        final boolean answered = has(answer) && (!isPut() || acked);
        final boolean plain = request.ack() == AckRequest.OC_ACK && isPut();
        long successes = 0;
        long failures = 0;
        long least = 0;
        if (isPut() && has(MdOption.EVENT_CT_SEND)) {
            if (outcome == Outcome.UNSENT) {
                failures++;
            } else {
                successes += units(request.length());
            }
        } else if (outcome == Outcome.UNSENT && answered) {
            failures++;
        }
        if (answered && outcome != Outcome.UNSENT && outcome != Outcome.SILENT) {
            if (plain && (done || outcome == Outcome.REFUSED)) {
                successes++;
            } else if (!done) {
                failures++;
            } else if (length >= 0) {
                successes += units(length);
            } else { // a count of bytes, and nobody has told how many
                least = units(0) - units(request.length());
                successes += units(request.length());
            }
        }
        return failure == failures && success <= successes && success >= successes + least;
    }

    private long units(final long bytes) {
        return has(MdOption.EVENT_CT_BYTES) ? bytes : 1;
    }

    /**
     * The run has settled, the target lives, and tells of everything: one outcome must fit both
     * sides.
     */
    void checkSettled(final boolean mayFail) {
        final Set<Outcome> possible;
        if (communications == 0) {
            possible = EnumSet.of(Outcome.UNSENT, Outcome.LOST, Outcome.REFUSED);
        } else if (placedFail != NiFail.OK) {
            possible = EnumSet.of(Outcome.UNSENT, Outcome.LOST, Outcome.REFUSED);
            if (isPut() && placedIn.has(EntryOption.ACK_DISABLE)) {
                possible.add(Outcome.SILENT);
            }
        } else if (isPut() && placedLength == 0 && request.length() > 0) {
            // a large put of which nothing is wanted: the bytes have not left
            possible = EnumSet.of(Outcome.DONE, Outcome.SILENT, Outcome.LOST, Outcome.UNSENT);
        } else if (isPut() && placedIn.has(EntryOption.ACK_DISABLE)) {
            possible = EnumSet.of(Outcome.SILENT, Outcome.LOST);
        } else {
            possible = EnumSet.of(Outcome.DONE, Outcome.LOST);
        }
        final Set<Outcome> fitting = fitting(possible, placedLength, mayFail);
        check(!fitting.isEmpty(), () -> "the target says otherwise: " + placedFail, this);
        if (fitting.equals(EnumSet.of(Outcome.DONE))) {
            if (!isPut()) {
                checkReceived(placedAt, placedLength);
            }
            if (acks + replies > 0) {
                check(answerLength == placedLength, () -> "told " + answerLength, this);
                check(answerOffset == placedAt, () -> "told offset " + answerOffset, this);
            }
        }
    }

    /** Whether the target must have done it, and whether it may. */
    boolean isSurelyDone() {
        return acks + replies == 1 && answerFail == NiFail.OK;
    }

    boolean maybeDone() {
        return acks + replies == 0 || answerFail == NiFail.OK;
    }

    @Override
    public String toString() {
        return (isPut() ? EventKind.PUT : EventKind.GET)
                + " of life "
                + initiatorLife
                + " to life "
                + targetLife
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
                + " communications="
                + communications
                + " placed="
                + placedLength
                + "@"
                + placedAt;
    }
}

package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;
import static org.portals4j.loopback.sim.Pattern.checkByte;

import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.ProcessId;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A match entry and the oracle of its events, counts and memory. */
final class TargetEntry {
    /** In place of an instance: all of them. */
    static final int ANY = -1;

    /** What was appended. */
    record Definition(
            long id,
            int portal,
            ListKind list,
            OptionSet<EntryOption> options,
            int source,
            int user,
            long matchBits,
            long ignoreBits,
            long minFree,
            boolean iovec) {
        boolean has(final EntryOption option) {
            return options.contains(option);
        }

        boolean isForPuts() {
            return has(EntryOption.OP_PUT);
        }
    }

    private final Definition definition;
    private final PortalTableEntry portal;
    private final Memory memory;
    private final long size;
    private final CountingEvent counter;
    private final List<Operation> placed = new ArrayList<>();
    private final Map<Long, Long> lastOfInitiator = new HashMap<>();

    private long handle;
    private long localOffset;
    private int links;
    private int communications;
    private int overflows;
    private int autoUnlinks;
    private int autoFrees;
    private long counted;
    private long failed;
    private boolean unlinked;
    private boolean portalClosed;

    TargetEntry(
            final Definition definition,
            final PortalTableEntry portal,
            final Memory memory,
            final CountingEvent counter) {
        this.definition = definition;
        this.portal = portal;
        this.memory = memory;
        this.counter = counter;
        size = memory.segment().byteSize();
        Pattern.write(initial(), memory.segment());
    }

    private byte[] initial() {
        final byte[] bytes = new byte[(int) size];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = definition.isForPuts() ? Pattern.unwritten(i) : Pattern.get(i);
        }
        return bytes;
    }

    long id() {
        return definition.id();
    }

    Definition definition() {
        return definition;
    }

    boolean has(final EntryOption option) {
        return definition.has(option);
    }

    void append(final MatchEntry holder, final SimulatedWorld world) {
        holder.options(definition.options())
                .matchBits(definition.matchBits())
                .ignoreBits(definition.ignoreBits())
                .counter(counter)
                .minFree(definition.minFree())
                .uid(
                        definition.user() == ANY
                                ? MatchEntry.UID_ANY
                                : world.uidOf(definition.user()));
        if (definition.source() == ANY) {
            holder.source(ProcessId.ANY);
        } else {
            holder.source(world.idOf(definition.source()));
        }
        final MemorySegment segment = memory.segment();
        if (definition.iovec()) {
            final long third = third();
            holder.iovec(
                    List.of(
                            segment.asSlice(0, third),
                            segment.asSlice(third, third),
                            segment.asSlice(2 * third)));
        } else {
            holder.memory(segment);
        }
        handle = portal.append(holder, definition.list(), definition.id());
    }

    private long third() {
        return size / 3;
    }

    boolean mayBeLinked() {
        return autoUnlinks == 0 && !unlinked;
    }

    Memory memory() {
        return memory;
    }

    PortalTableEntry portal() {
        return portal;
    }

    long handle() {
        return handle;
    }

    List<Operation> placed() {
        return placed;
    }

    /** Unlinked by a call, and the events of before that are read. */
    void unlinked() {
        unlinked = true;
    }

    /** Its portal is closed, with all that it held, and the events of before that are read. */
    void portalClosed() {
        unlinked = true;
        portalClosed = true;
    }

    /** An event of this entry; the operation where the event names one. */
    void onEvent(final Event event, final Operation operation, final boolean mayFail) {
        check(!unlinked, () -> event.kind() + " after unlink", this);
        check(
                mayFail
                        || event.niFail() == NiFail.OK
                        || event.niFail() == NiFail.SEGV && mayLackMemory(event, operation),
                () -> "failed " + event,
                this);
        check(event.portalIndex() == portal.index(), event::toString, this);
        switch (event.kind()) {
            case LINK -> {
                check(!has(EntryOption.EVENT_LINK_DISABLE), "LINK disabled", this);
                check(++links == 1 && communications == 0 && autoUnlinks == 0, "LINK", this);
            }
            case PUT, GET -> onCommunication(event, operation);
            case PUT_OVERFLOW, GET_OVERFLOW -> onOverflow(event, operation);
            case AUTO_UNLINK -> onAutoUnlink();
            case AUTO_FREE -> {
                check(definition.list() == ListKind.OVERFLOW, "AUTO_FREE", this);
                check(autoUnlinks == 1 && ++autoFrees == 1, "AUTO_FREE order", this);
            }
            default -> check(false, () -> "event " + event.kind(), this);
        }
    }

    /** Its own memory, or that of the entry whose header it claims, which may not be known. */
    private boolean mayLackMemory(final Event event, final Operation operation) {
        return event.kind() == EventKind.PUT || event.kind() == EventKind.GET
                ? memory.isLost()
                : operation.placedIn == null || operation.placedIn.memory.isLost();
    }

    private void onAutoUnlink() {
        check(!has(EntryOption.EVENT_UNLINK_DISABLE), "disabled", this);
        check(communications + overflows > 0 || isSilent(), "AUTO_UNLINK of an unused entry", this);
        check(
                has(EntryOption.USE_ONCE) || definition.minFree() > 0,
                "AUTO_UNLINK of a persistent entry",
                this);
        check(++autoUnlinks == 1, "AUTO_UNLINK twice", this);
    }

    /** Whether some of what happens to the entry is not told. */
    boolean isSilent() {
        return has(EntryOption.EVENT_COMM_DISABLE)
                || has(EntryOption.EVENT_SUCCESS_DISABLE)
                || has(EntryOption.EVENT_OVER_DISABLE);
    }

    private void onCommunication(final Event event, final Operation operation) {
        final boolean isPut = event.kind() == EventKind.PUT;
        check(operation != null && operation.isPut() == isPut, "event of nothing", this);
        check(isPut == definition.isForPuts(), event::toString, this);
        check(!has(EntryOption.EVENT_COMM_DISABLE), "disabled", this);
        check(event.niFail() != NiFail.OK || !has(EntryOption.EVENT_SUCCESS_DISABLE), "ok", this);
        check(links == 1 || has(EntryOption.EVENT_LINK_DISABLE), "before LINK", this);
        check(autoUnlinks == 0, () -> event.kind() + " after AUTO_UNLINK", this);
        check(event.list() == definition.list(), () -> "list " + event.list(), this);
        communications++;
        check(!has(EntryOption.USE_ONCE) || communications == 1, "used twice", this);
        check(matches(operation), () -> "does not match: " + event, this);
        check(permits(operation), () -> "is not permitted: " + event, this);
        checkNames(event, operation);
        final boolean managed = has(EntryOption.MANAGE_LOCAL);
        final long offset = managed ? localOffset : event.remoteOffset();
        if (!isSilent()) {
            final long room = Math.max(0, size - offset);
            check(event.mlength() == Math.min(event.rlength(), room), event::toString, this);
            check(startsAt(event, offset), () -> "start: " + event, this);
        }
        localOffset += event.mlength();
        count(EntryOption.EVENT_CT_COMM, event);
        check(++operation.communications == 1, "twice", operation);
        final Long last = lastOfInitiator.put(operation.initiatorLife(), operation.id());
        check(last == null || last < operation.id(), () -> "behind " + last, operation);
        operation.placedIn = this;
        operation.placedAt = offset;
        operation.placedLength = event.mlength();
        operation.placedFail = event.niFail();
        placed.add(operation);
        if (isPut && event.niFail() == NiFail.OK && isExclusive()) {
            checkContent(operation);
        }
    }

    private static void checkNames(final Event event, final Operation operation) {
        final Operation.Request request = operation.request();
        check(event.rlength() == request.length(), event::toString, operation);
        check(event.remoteOffset() == request.remoteOffset(), event::toString, operation);
        check(event.matchBits() == request.matchBits(), event::toString, operation);
        check(event.portalIndex() == request.portal(), event::toString, operation);
        check(event.initiatorPid() == 1 + request.initiator(), event::toString, operation);
        check(
                event.headerData() == (request.isPut() ? request.id() : 0),
                event::toString,
                operation);
    }

    private void onOverflow(final Event event, final Operation operation) {
        final boolean isPut = event.kind() == EventKind.PUT_OVERFLOW;
        check(operation != null && operation.isPut() == isPut, "event of nothing", this);
        check(definition.list() == ListKind.PRIORITY, "overflow event", this);
        check(!has(EntryOption.EVENT_OVER_DISABLE), "disabled", this);
        check(event.niFail() != NiFail.OK || !has(EntryOption.EVENT_SUCCESS_DISABLE), "ok", this);
        check(links == 0 && autoUnlinks == 0, "overflow event after LINK", this);
        overflows++;
        check(!has(EntryOption.USE_ONCE) || overflows == 1, "used twice", this);
        check(++operation.overflows == 1, "overflow event twice", operation);
        check(matchesBits(operation), () -> "does not match: " + event, this);
        checkNames(event, operation);
        count(EntryOption.EVENT_CT_OVERFLOW, event);
        operation.claimer = this;
        final TargetEntry overflow = operation.placedIn;
        if (overflow != null) {
            check(overflow.definition.list() == ListKind.OVERFLOW, "not overflow", operation);
            check(event.mlength() == operation.placedLength, event::toString, operation);
            check(event.niFail() == operation.placedFail, event::toString, operation);
            check(
                    overflow.isSilent() || overflow.startsAt(event, operation.placedAt),
                    () -> "start: " + event,
                    operation);
        }
    }

    private void count(final EntryOption option, final Event event) {
        if (!has(option)) {
            return;
        }
        if (event.niFail() != NiFail.OK) {
            failed++;
        } else {
            counted += has(EntryOption.EVENT_CT_BYTES) ? event.mlength() : 1;
        }
    }

    private boolean startsAt(final Event event, final long offset) {
        if (event.mlength() == 0) {
            return true;
        }
        final long part = definition.iovec() ? Math.min(2, third() == 0 ? 2 : offset / third()) : 0;
        return event.startOffset() == offset - part * third();
    }

    /** Whether no two operations write the same byte. */
    private boolean isExclusive() {
        return has(EntryOption.USE_ONCE) || has(EntryOption.MANAGE_LOCAL) && !isSilent();
    }

    private void checkContent(final Operation operation) {
        if (memory.isLost()) {
            return;
        }
        final byte[] bytes = Pattern.read(memory.segment());
        for (int i = 0; i < operation.placedLength; i++) {
            final byte got = bytes[(int) operation.placedAt + i];
            checkByte(got == Pattern.put(operation.id(), i), i, this);
        }
    }

    private boolean permits(final Operation operation) {
        return definition.user() == ANY || definition.user() == operation.request().initiator();
    }

    private boolean matchesBits(final Operation operation) {
        final Operation.Request request = operation.request();
        return ((request.matchBits() ^ definition.matchBits()) & ~definition.ignoreBits()) == 0
                && (definition.source() == ANY || definition.source() == request.initiator());
    }

    private boolean matches(final Operation operation) {
        return matchesBits(operation)
                && (!has(EntryOption.NO_TRUNCATE)
                        || has(EntryOption.MANAGE_LOCAL)
                        || operation.request().remoteOffset() + operation.request().length()
                                <= size);
    }

    /** Whether it was on its list, unused or reusable, from its append to this moment. */
    private boolean hasAlwaysBeenLinked() {
        return mayBeLinked()
                && !has(EntryOption.EVENT_OVER_DISABLE)
                && (!has(EntryOption.USE_ONCE) || communications + overflows == 0)
                && (definition.minFree() == 0 || communications == 0)
                && !isSilent();
    }

    /** The operation went elsewhere, or nowhere: should this entry have got it? */
    boolean isPassedOver(final Operation operation, final boolean headersAreShort) {
        if (operation.request().portal() != definition.portal()
                || has(EntryOption.NO_TRUNCATE) && has(EntryOption.MANAGE_LOCAL)
                || !matches(operation)
                || !hasAlwaysBeenLinked()) {
            return false;
        }
        final TargetEntry other = operation.placedIn;
        if (other == null) {
            return operation.answerFail() == NiFail.DROPPED
                    && id() < operation.id()
                    && !(headersAreShort && definition.list() == ListKind.OVERFLOW);
        }
        if (other == this || other.portalClosed) { // its headers went with the portal
            return false;
        }
        if (other.definition.list() == definition.list()) {
            return id() < other.id();
        }
        if (definition.list() == ListKind.OVERFLOW) {
            return false;
        }
        if (other.has(EntryOption.UNEXPECTED_HDR_DISABLE)) {
            return id() < other.id();
        }
        return operation.claimer == null || id() < operation.claimer.id();
    }

    /** The run has settled: events, counts, and each byte, written by an operation or by none. */
    void checkSettled(final boolean allIsTold) {
        final boolean used = communications + overflows > 0;
        final boolean told = !has(EntryOption.EVENT_UNLINK_DISABLE);
        if (used && told && has(EntryOption.USE_ONCE)) {
            check(autoUnlinks == 1, "AUTO_UNLINK missing", this);
        }
        if (autoUnlinks == 1 && definition.list() == ListKind.OVERFLOW && told) {
            if (allIsTold && !portalClosed) {
                check(headers() > 0 == (autoFrees == 0), "AUTO_FREE", this);
            }
        }
        if (allIsTold || !isSilent()) {
            check(counter.success() == counted, () -> "success=" + counter.success(), this);
            check(counter.failure() == failed, () -> "failure=" + counter.failure(), this);
            checkMemory();
        }
    }

    /** Headers of this entry that nobody has claimed. */
    long headers() {
        if (portalClosed
                || definition.list() == ListKind.PRIORITY
                || has(EntryOption.UNEXPECTED_HDR_DISABLE)) {
            return 0;
        }
        return placed.stream().filter(operation -> operation.overflows == 0).count();
    }

    /** Operations that were counted, told or not, where the counter counts nothing else. */
    long countedCommunications() {
        return counter.success();
    }

    private void checkMemory() {
        if (memory.isLost()) {
            return;
        }
        final byte[] bytes = Pattern.read(memory.segment());
        final byte[] initial = initial();
        final boolean[] good = new boolean[bytes.length];
        final boolean[] covered = new boolean[bytes.length];
        for (final Operation operation : placed) {
            if (operation.isPut()) {
                for (int i = 0; i < operation.placedLength; i++) {
                    final int at = (int) operation.placedAt + i;
                    covered[at] |= operation.placedFail == NiFail.OK;
                    good[at] |= bytes[at] == Pattern.put(operation.id(), i);
                }
            }
        }
        for (int i = 0; i < bytes.length; i++) {
            checkByte(good[i] || !covered[i] && bytes[i] == initial[i], i, this);
        }
    }

    @Override
    public String toString() {
        return definition
                + " bytes="
                + size
                + " links="
                + links
                + " communications="
                + communications
                + " overflows="
                + overflows
                + " autoUnlinks="
                + autoUnlinks
                + " autoFrees="
                + autoFrees
                + " counted="
                + counted
                + "/"
                + failed
                + (unlinked ? " unlinked" : "");
    }
}

package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;
import static org.portals4j.loopback.sim.Pattern.checkByte;

import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A match entry and the oracle of its events and of its memory. */
final class TargetEntry {
    /** What was appended. */
    record Definition(
            long id,
            int portal,
            ListKind list,
            OptionSet<EntryOption> options,
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
    private final MemorySegment memory;
    private final List<Operation> placed = new ArrayList<>();
    private final Map<Long, Long> lastOfInitiator = new HashMap<>();

    private long handle;
    private long localOffset;
    private int links;
    private int communications;
    private int overflows;
    private int autoUnlinks;
    private int autoFrees;
    private boolean unlinked;
    private boolean fuzzy;

    TargetEntry(
            final Definition definition,
            final PortalTableEntry portal,
            final MemorySegment memory) {
        this.definition = definition;
        this.portal = portal;
        this.memory = memory;
        for (long i = 0; i < memory.byteSize(); i++) {
            Pattern.set(memory, i, initial(i));
        }
    }

    private byte initial(final long i) {
        return definition.isForPuts() ? Pattern.unwritten(i) : Pattern.get(i);
    }

    long id() {
        return definition.id();
    }

    void append(final MatchEntry holder) {
        holder.options(definition.options())
                .matchBits(definition.matchBits())
                .ignoreBits(definition.ignoreBits())
                .minFree(definition.minFree());
        if (definition.iovec()) {
            final long third = memory.byteSize() / 3;
            holder.iovec(
                    List.of(
                            memory.asSlice(0, third),
                            memory.asSlice(third, third),
                            memory.asSlice(2 * third)));
        } else {
            holder.memory(memory);
        }
        handle = portal.append(holder, definition.list(), definition.id());
    }

    boolean mayBeLinked() {
        return autoUnlinks == 0 && !unlinked;
    }

    PortalTableEntry portal() {
        return portal;
    }

    long handle() {
        return handle;
    }

    /** Unlinked by a call, and the events of before that are read. */
    void unlinked() {
        unlinked = true;
    }

    /** An event of this entry; the operation where the event names one. */
    void onEvent(final Event event, final Operation operation, final boolean faulty) {
        check(!unlinked, () -> event.kind() + " after unlink", this);
        check(faulty || event.niFail() == NiFail.OK, () -> "failed " + event, this);
        switch (event.kind()) {
            case LINK -> {
                check(!definition.has(EntryOption.EVENT_LINK_DISABLE), "LINK disabled", this);
                check(++links == 1 && communications == 0 && autoUnlinks == 0, "LINK", this);
            }
            case PUT -> onPut(event, operation);
            case GET -> onCommunication(event);
            case PUT_OVERFLOW -> {
                onOverflow();
                onPutOverflow(event, operation);
            }
            case GET_OVERFLOW -> onOverflow();
            case AUTO_UNLINK -> {
                check(!definition.has(EntryOption.EVENT_UNLINK_DISABLE), "disabled", this);
                check(communications + overflows > 0, "AUTO_UNLINK of an unused entry", this);
                check(
                        definition.has(EntryOption.USE_ONCE) || definition.minFree() > 0,
                        "AUTO_UNLINK of a persistent entry",
                        this);
                check(++autoUnlinks == 1, "AUTO_UNLINK twice", this);
            }
            case AUTO_FREE -> {
                check(definition.list() == ListKind.OVERFLOW, "AUTO_FREE", this);
                check(autoUnlinks == 1 && ++autoFrees == 1, "AUTO_FREE order", this);
            }
            default -> check(false, () -> "event " + event.kind(), this);
        }
    }

    private void onCommunication(final Event event) {
        check(links == 1 || definition.has(EntryOption.EVENT_LINK_DISABLE), "before LINK", this);
        check(autoUnlinks == 0, () -> event.kind() + " after AUTO_UNLINK", this);
        check(event.list() == definition.list(), () -> "list " + event.list(), this);
        communications++;
        final boolean once = definition.has(EntryOption.USE_ONCE);
        check(!once || communications == 1, "used twice", this);
        final long bits = event.matchBits() ^ definition.matchBits();
        check((bits & ~definition.ignoreBits()) == 0, () -> "does not match: " + event, this);
        if (event.niFail() != NiFail.OK) {
            fuzzy = true;
        }
        final boolean managed = definition.has(EntryOption.MANAGE_LOCAL);
        final long offset = managed ? localOffset : event.remoteOffset();
        if (!fuzzy) {
            final long room = Math.max(0, memory.byteSize() - offset);
            check(event.mlength() == Math.min(event.rlength(), room), event::toString, this);
            check(
                    definition.iovec() || event.mlength() == 0 || event.startOffset() == offset,
                    () -> "start: " + event,
                    this);
        }
        localOffset += event.mlength();
    }

    private void onPut(final Event event, final Operation operation) {
        check(operation != null && operation.request().isPut(), "PUT of nothing", this);
        final long offset =
                definition.has(EntryOption.MANAGE_LOCAL) ? localOffset : event.remoteOffset();
        onCommunication(event);
        check(++operation.puts == 1, "PUT twice", operation);
        check(event.rlength() == operation.request().length(), event::toString, operation);
        check(event.userData() == id() && definition.isForPuts(), event::toString, this);
        final Long last = lastOfInitiator.put(operation.initiatorLife(), operation.id());
        check(last == null || last < operation.id(), () -> "PUT behind " + last, operation);
        operation.placedIn = this;
        operation.placedAt = offset;
        operation.placedLength = event.mlength();
        operation.putFailed = event.niFail() != NiFail.OK;
        if (!fuzzy) {
            placed.add(operation);
            if (isExclusive()) {
                checkContent(operation);
            }
        }
    }

    private void onOverflow() {
        check(definition.list() == ListKind.PRIORITY, "overflow event", this);
        check(links == 0 && autoUnlinks == 0, "overflow event after LINK", this);
        overflows++;
        check(!definition.has(EntryOption.USE_ONCE) || overflows == 1, "used twice", this);
    }

    private void onPutOverflow(final Event event, final Operation operation) {
        check(operation != null, "PUT_OVERFLOW of nothing", this);
        final TargetEntry overflow = operation.placedIn;
        check(overflow != null, "PUT_OVERFLOW before PUT", operation);
        check(overflow.definition.list() == ListKind.OVERFLOW, "not overflow", operation);
        check(++operation.overflows == 1, "PUT_OVERFLOW twice", operation);
        check(event.mlength() == operation.placedLength, event::toString, operation);
        check(
                overflow.fuzzy || overflow.hasAt(event, operation),
                () -> "start: " + event,
                operation);
    }

    private boolean hasAt(final Event event, final Operation operation) {
        return definition.iovec()
                || event.mlength() == 0
                || event.startOffset() == operation.placedAt;
    }

    /** Whether no two operations write the same byte. */
    private boolean isExclusive() {
        return definition.has(EntryOption.USE_ONCE) || definition.has(EntryOption.MANAGE_LOCAL);
    }

    private void checkContent(final Operation operation) {
        for (long i = 0; i < operation.placedLength; i++) {
            final byte got = Pattern.at(memory, operation.placedAt + i);
            checkByte(got == Pattern.put(operation.id(), i), i, this);
        }
    }

    /** The run has settled: each byte is of an operation that was placed over it, or untouched. */
    void checkSettled() {
        final boolean used = communications + overflows > 0;
        if (used
                && definition.has(EntryOption.USE_ONCE)
                && !definition.has(EntryOption.EVENT_UNLINK_DISABLE)) {
            check(autoUnlinks == 1, "AUTO_UNLINK missing", this);
        }
        if (autoUnlinks == 1
                && definition.list() == ListKind.OVERFLOW
                && definition.has(EntryOption.UNEXPECTED_HDR_DISABLE)) {
            check(autoFrees == 1, "AUTO_FREE missing", this);
        }
        if (!fuzzy) {
            for (long i = 0; i < memory.byteSize(); i++) {
                checkSettled(i);
            }
        }
    }

    private void checkSettled(final long i) {
        final byte got = Pattern.at(memory, i);
        boolean covered = false;
        for (final Operation operation : placed) {
            final long at = i - operation.placedAt;
            if (at >= 0 && at < operation.placedLength) {
                covered = true;
                if (got == Pattern.put(operation.id(), at)) {
                    return;
                }
            }
        }
        checkByte(!covered && got == initial(i), i, this);
    }

    @Override
    public String toString() {
        return definition
                + " bytes="
                + memory.byteSize()
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
                + (unlinked ? " unlinked" : "");
    }
}

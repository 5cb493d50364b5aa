package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;

import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.StatusRegister;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One life of one instance, and the random program that it runs. */
final class SimulatedNode {
    /** The limits of an instance, small ones more often than large ones. */
    record Settings(int eagerLimit, int window, int slots, int credit) {
        static Settings draw(final SplittableRandom random) {
            return new Settings(
                    16 + random.nextInt(random.nextBoolean() ? 16 : 2000),
                    7 + random.nextInt(random.nextBoolean() ? 64 : 4000),
                    4 + random.nextInt(random.nextBoolean() ? 8 : 64),
                    2 + random.nextInt(random.nextBoolean() ? 4 : 64));
        }
    }

    private static final int MOST_OPERATIONS = 24;
    private static final int MOST_ENTRIES = 12;
    private static final int INITIATOR_EVENTS = 2 * MOST_OPERATIONS;
    private static final int TARGET_EVENTS = 4096;
    private static final String NOTHING_IN_FLIGHT = "in flight 0" + System.lineSeparator();
    private static final String NO_MISHAPS = "lost 0, frames of unknown connections 0, malformed 0";
    private static final int LONGEST = 2500;
    private static final int WINDOWS = 30;

    private final SimulatedWorld world;
    private final int index;
    private final SplittableRandom random;
    private final Settings settings;
    private final Portals portals;
    private final List<PortalTableEntry> table = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<TargetEntry> entries = new ArrayList<>();
    private final Event event = new Event();
    private final MatchEntry holder = new MatchEntry();
    private long life;
    private NetworkInterface ni;
    private EventQueue initiatorEvents;
    private EventQueue targetEvents;
    private int fewHeaders;
    private long pausedUntil;
    private int calls;

    SimulatedNode(
            final SimulatedWorld world,
            final int index,
            final long life,
            final SplittableRandom random) {
        this.world = world;
        this.index = index;
        this.random = random;
        settings = Settings.draw(random);
        calls++;
        portals = Portals.open(world.context(this, random));
        open(life);
        calls--;
    }

    /** Opens the interface and what a program needs of it. */
    private void open(final long newLife) {
        life = newLife;
        fewHeaders = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0;
        ni =
                portals.networkInterface(
                        InterfaceKind.MATCHING_PHYSICAL,
                        Limits.builder().maxUnexpectedHeaders(fewHeaders).build());
        initiatorEvents = ni.allocateEventQueue(INITIATOR_EVENTS);
        targetEvents = ni.allocateEventQueue(TARGET_EVENTS);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            table.add(allocate(NetworkInterface.PT_ANY));
        }
    }

    private PortalTableEntry allocate(final int portal) {
        return ni.allocatePortal(OptionSet.none(), targetEvents, portal);
    }

    int index() {
        return index;
    }

    long life() {
        return life;
    }

    ProcessId id() {
        return portals.id();
    }

    Settings settings() {
        return settings;
    }

    /** Whether a call into this instance has not returned yet. */
    boolean isInCall() {
        return calls > 0;
    }

    /** The process gets no turns for a while, as if its machine had stopped. */
    void pauseUntil(final long time) {
        pausedUntil = time;
    }

    /** Whether turns may be given to it now. */
    boolean isRunnable(final long now) {
        return calls == 0 && now >= pausedUntil;
    }

    List<TargetEntry> entries() {
        return entries;
    }

    /** One turn: reads events, or does something new. Blocking calls only where allowed. */
    void step(final boolean mayBlock) {
        calls++;
        try {
            final int what = random.nextInt(100);
            if (what < 30) {
                portals.progress();
            } else if (what < 55) {
                drain();
            } else if (what < 75) {
                operate(mayBlock && random.nextInt(4) == 0);
            } else if (what < 88) {
                append();
            } else if (what < 89) {
                unlink();
            } else if (what < 98 || !mayBlock) {
                end(false);
            } else if (what < 99) {
                end(true);
            } else {
                stop(random.nextInt(table.size()));
            }
            if (world.losesMemory() && random.nextInt(64) == 0) {
                loseMemory();
            }
        } finally {
            calls--;
        }
    }

    /** Disables a portal for a moment, or frees it and allocates it anew. */
    private void stop(final int which) {
        final PortalTableEntry portal = table.get(which);
        if (random.nextBoolean()) {
            portal.disable();
            drain();
            portal.enable();
            return;
        }
        portal.close();
        drain();
        for (final TargetEntry entry : entries) {
            if (entry.portal().equals(portal)) {
                entry.portalClosed();
            }
        }
        table.set(which, allocate(portal.index()));
    }

    /** Memory goes away under an operation or an entry that uses it. */
    private void loseMemory() {
        if (random.nextBoolean() && !operations.isEmpty()) {
            operations.get(random.nextInt(operations.size())).memory().lose();
        } else if (!entries.isEmpty()) {
            entries.get(random.nextInt(entries.size())).memory().lose();
        }
    }

    /** One turn of progress; 0 if there was nothing to do. */
    int progress() {
        calls++;
        try {
            return portals.progress();
        } finally {
            calls--;
        }
    }

    /** Makes progress, reads all events and releases what has ended; 0 if there was nothing. */
    int calmDown() {
        calls++;
        try {
            final int before = operations.size();
            final int work = portals.progress() + drain();
            end(false);
            return work + before - operations.size();
        } finally {
            calls--;
        }
    }

    /** Whether all that this program has begun has ended, and what the target owes to it too. */
    boolean isCalm() {
        return operations.isEmpty() && portals.describe().contains(NOTHING_IN_FLIGHT);
    }

    String pending() {
        return "life " + life + ": " + operations + " " + portals.describe();
    }

    void close() {
        calls++;
        try {
            portals.close();
            readLast();
        } finally {
            calls--;
        }
    }

    /** Closes the interface, whatever moves, and opens it again: another life. */
    void reopen(final long newLife) {
        calls++;
        try {
            ni.close();
            readLast();
            open(newLife);
        } finally {
            calls--;
        }
    }

    /** The interface is closed: all its operations must have ended, and told so. */
    private void readLast() {
        for (final EventQueue queue : List.of(initiatorEvents, targetEvents)) {
            try {
                drain(queue);
            } catch (final PortalsException e) {
                check(e.code() == ReturnCode.ARG_INVALID, e.getMessage(), life);
            }
        }
        for (final Operation operation : operations) {
            check(operation.md().release() == ReturnCode.OK, "not ended by close", operation);
            operation.end(true);
        }
        operations.clear();
        entries.clear();
        table.clear();
    }

    /** Frees everything by hand, which must be possible, and closes. */
    void dismantle() {
        calls++;
        try {
            drain();
            check(isCalm(), portals::describe, life);
            for (final TargetEntry entry : entries) {
                final ReturnCode code = entry.portal().unlink(entry.handle());
                check(code != ReturnCode.OK || entry.mayBeLinked(), "unlinked twice", entry);
            }
            for (final PortalTableEntry entry : table) {
                if (random.nextBoolean()) {
                    entry.close();
                    check(entry.free() == ReturnCode.OK, "free after close", life);
                }
            }
            drain();
            targetEvents.close();
            initiatorEvents.close();
            ni.close();
            portals.close();
        } finally {
            calls--;
        }
    }

    /** A length about some limit, or none, short enough for the window that it goes through. */
    private int length(final int window) {
        final int length =
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> random.nextInt(33);
                    case 3, 4 -> settings.eagerLimit() - 1 + random.nextInt(3);
                    case 5, 6 -> window * (1 + random.nextInt(3)) - 1 + random.nextInt(3);
                    case 7 -> world.frameLength() - 60 + random.nextInt(61);
                    default -> random.nextInt(random.nextBoolean() ? 300 : LONGEST);
                };
        return Math.clamp(length, 0, Math.min(LONGEST, WINDOWS * window));
    }

    private void operate(final boolean block) {
        if (operations.size() >= MOST_OPERATIONS || !world.takesOperation()) {
            return;
        }
        final int target = random.nextInt(world.size());
        final boolean isPut = random.nextInt(3) > 0;
        final OptionSet<MdOption> options = drawOptions();
        int length = length(isPut ? world.windowOf(target) : settings.window());
        if (options.contains(MdOption.VOLATILE)) {
            length = (int) Math.min(length, ni.limits().maxVolatileSize());
        }
        final long id = world.nextId();
        final Operation.Request request =
                new Operation.Request(
                        id,
                        isPut,
                        AckRequest.values()[random.nextInt(AckRequest.values().length)],
                        options,
                        random.nextInt(17),
                        length,
                        index,
                        target,
                        random.nextInt(8) == 0 ? random.nextInt(4) : 0,
                        Operation.bitsOf(id, random.nextLong(3) + (isPut ? 0 : 16)),
                        random.nextInt(4) == 0 ? random.nextInt(600) : 0);
        start(request, block);
    }

    /** A small get; whatever has happened before, it must get an answer. */
    void ping(final int target) {
        final long id = world.nextId();
        calls++;
        try {
            start(
                    new Operation.Request(
                            id,
                            false,
                            AckRequest.NO_ACK,
                            OptionSet.none(),
                            0,
                            random.nextInt(9),
                            index,
                            target,
                            0,
                            Operation.bitsOf(id, 16),
                            0),
                    true);
        } finally {
            calls--;
        }
    }

    private OptionSet<MdOption> drawOptions() {
        OptionSet<MdOption> options = OptionSet.none();
        for (final MdOption option :
                List.of(MdOption.EVENT_CT_SEND, MdOption.EVENT_CT_ACK, MdOption.EVENT_CT_REPLY)) {
            options = random.nextBoolean() ? options.with(option) : options;
        }
        for (final MdOption option :
                List.of(
                        MdOption.EVENT_SEND_DISABLE,
                        MdOption.EVENT_SUCCESS_DISABLE,
                        MdOption.EVENT_CT_BYTES,
                        MdOption.VOLATILE)) {
            options = random.nextInt(8) == 0 ? options.with(option) : options;
        }
        return options;
    }

    private void start(final Operation.Request request, final boolean block) {
        final Memory memory =
                world.allocate(request.localOffset() + request.length() + random.nextInt(9));
        Operation.fill(memory.segment(), request);
        final CountingEvent counter = ni.allocateCountingEvent();
        final MemoryDescriptor md =
                ni.bind(
                        MemoryDescriptor.of(memory.segment())
                                .options(request.options())
                                .eventQueue(initiatorEvents)
                                .counter(counter));
        final Operation operation =
                new Operation(request, life, world.lifeOf(request.target()), memory, counter, md);
        world.add(operation);
        operations.add(operation);
        world.trace(() -> "life " + life + " starts " + operation);
        if (call(operation.request(), operation.md(), block) == ReturnCode.NO_SPACE) {
            check(!block, "NO_SPACE of a call that waits", operation);
            check(operation.md().release() == ReturnCode.OK, "release", operation);
            counter.close();
            operations.remove(operation);
            world.forget(operation);
        }
    }

    private ReturnCode call(
            final Operation.Request r, final MemoryDescriptor md, final boolean block) {
        final ProcessId to = world.idOf(r.target());
        if (block && r.isPut()) {
            ni.put(
                    md,
                    r.localOffset(),
                    r.length(),
                    r.ack(),
                    to,
                    r.portal(),
                    r.matchBits(),
                    r.remoteOffset(),
                    r.id(),
                    r.id());
            return ReturnCode.OK;
        }
        if (block) {
            ni.get(
                    md,
                    r.localOffset(),
                    r.length(),
                    to,
                    r.portal(),
                    r.matchBits(),
                    r.remoteOffset(),
                    r.id());
            return ReturnCode.OK;
        }
        return r.isPut()
                ? ni.tryPut(
                        md,
                        r.localOffset(),
                        r.length(),
                        r.ack(),
                        to,
                        r.portal(),
                        r.matchBits(),
                        r.remoteOffset(),
                        r.id(),
                        r.id())
                : ni.tryGet(
                        md,
                        r.localOffset(),
                        r.length(),
                        to,
                        r.portal(),
                        r.matchBits(),
                        r.remoteOffset(),
                        r.id());
    }

    private void append() {
        if (entries.stream().filter(TargetEntry::mayBeLinked).count() >= MOST_ENTRIES
                || !world.takesEntry()) {
            return;
        }
        final PortalTableEntry portal = table.get(random.nextInt(table.size()));
        final TargetEntry.Definition definition = EntryDraw.draw(random, world, portal.index());
        final long bytes = Math.max(definition.minFree(), 3 + length(settings.window()));
        final TargetEntry entry =
                new TargetEntry(
                        definition, portal, world.allocate(bytes), ni.allocateCountingEvent());
        entries.add(entry);
        world.add(entry);
        world.trace(() -> "life " + life + " appends " + entry);
        try {
            entry.append(holder, world);
        } catch (final PortalsException e) {
            check(e.code() == ReturnCode.NO_SPACE, e.getMessage(), entry);
            drain();
            entry.unlinked();
        }
    }

    private void unlink() {
        if (entries.isEmpty()) {
            return;
        }
        final TargetEntry entry = entries.get(random.nextInt(entries.size()));
        final boolean live = entry.mayBeLinked();
        final ReturnCode code = entry.portal().unlink(entry.handle());
        world.trace(() -> "life " + life + " unlinks " + entry + ": " + code);
        check(
                live || code == ReturnCode.ARG_INVALID,
                () -> "unlink of a dead handle: " + code,
                entry);
        if (code == ReturnCode.OK) {
            drain();
            entry.unlinked();
        }
    }

    /** Releases descriptors of operations that have ended; or of one, waiting for its end. */
    private void end(final boolean block) {
        if (block && !operations.isEmpty()) {
            final Operation any = operations.get(random.nextInt(operations.size()));
            any.md().close();
            check(any.md().release() == ReturnCode.OK, "release after close", any);
        }
        for (int i = operations.size() - 1; i >= 0; i--) {
            final Operation operation = operations.get(i);
            if (operation.md().release() == ReturnCode.OK) {
                drain();
                world.trace(() -> "life " + life + " ends " + operation);
                operations.remove(operation);
                operation.end(world.mayFail(operation));
            }
        }
    }

    private int drain() {
        return drain(initiatorEvents) + drain(targetEvents);
    }

    private int drain(final EventQueue queue) {
        int events = 0;
        for (ReturnCode code = queue.get(event);
                code != ReturnCode.EQ_EMPTY;
                code = queue.get(event)) {
            check(code == ReturnCode.OK, "get failed", life);
            world.trace(() -> "life " + life + " sees " + event);
            world.onEvent(life, event);
            events++;
        }
        return events;
    }

    /** Reads what is left, and what that brings. */
    void readAll() {
        while (drain() > 0) {
            // once more: reading from an empty queue makes progress, which may fill the other
        }
    }

    /** Nothing moves any more: entries, counts and registers must tell the same. */
    void checkSettled(final List<Operation> here, final boolean mayFail) {
        final boolean told = !world.hasSilentEntries();
        entries.forEach(entry -> entry.checkSettled(told));
        if (told) {
            final long headers = entries.stream().mapToLong(TargetEntry::headers).sum();
            check(fewHeaders == 0 || headers <= fewHeaders, () -> "headers " + headers, life);
            for (final Operation operation : here) {
                for (final TargetEntry entry : entries) {
                    check(
                            !entry.isPassedOver(operation, fewHeaders > 0),
                            () -> "passed over, though first: " + entry,
                            operation);
                }
            }
        }
        if (!world.isFaulty()) {
            final String report = portals.describe();
            check(report.contains(NO_MISHAPS), report, life);
        }
        if (!mayFail) {
            checkTotals(here, told);
        }
    }

    private void checkTotals(final List<Operation> here, final boolean told) {
        long refused = 0;
        for (final StatusRegister register : StatusRegister.values()) {
            refused += ni.status(register);
        }
        long surely = 0;
        long perhaps = 0;
        for (final Operation operation : here) {
            surely += operation.isSurelyDone() ? 1 : 0;
            perhaps += operation.maybeDone() ? 1 : 0;
        }
        final long done = here.size() - refused;
        check(done >= surely && done <= perhaps, () -> "done " + done, life);
        if (told) {
            final long placed = entries.stream().mapToLong(e -> e.placed().size()).sum();
            check(placed == done, () -> "done " + done + ", told " + placed, life);
        }
        if (!told) {
            final long counted =
                    entries.stream().mapToLong(TargetEntry::countedCommunications).sum();
            check(counted == done, () -> "done " + done + ", counted " + counted, life);
        }
    }
}

package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;

import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
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

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One life of one instance, and the random program that it runs. */
final class SimulatedNode {
    private static final int EVENTS = 1 << 14;
    private static final int MOST_OPERATIONS = 24;
    private static final int MOST_ENTRIES = 12;

    private final SimulatedWorld world;
    private final int index;
    private final long life;
    private final SplittableRandom random;
    private final Portals portals;
    private final NetworkInterface ni;
    private final EventQueue initiatorEvents;
    private final EventQueue targetEvents;
    private final List<PortalTableEntry> table = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final List<TargetEntry> entries = new ArrayList<>();
    private final Event event = new Event();
    private final MatchEntry holder = new MatchEntry();
    private int calls;

    SimulatedNode(
            final SimulatedWorld world,
            final int index,
            final long life,
            final SplittableRandom random) {
        this.world = world;
        this.index = index;
        this.life = life;
        this.random = random;
        calls++;
        portals = Portals.open(world.context(this, random));
        ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        initiatorEvents = ni.allocateEventQueue(EVENTS);
        targetEvents = ni.allocateEventQueue(EVENTS);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            table.add(ni.allocatePortal(OptionSet.none(), targetEvents, NetworkInterface.PT_ANY));
        }
        calls--;
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

    /** Whether a call into this instance has not returned yet. */
    boolean isInCall() {
        return calls > 0;
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
                final PortalTableEntry entry = table.get(random.nextInt(table.size()));
                entry.disable();
                drain();
                entry.enable();
            }
        } finally {
            calls--;
        }
    }

    /** Makes progress, reads all events and releases what has ended. */
    void calmDown() {
        calls++;
        try {
            portals.progress();
            drain();
            end(false);
        } finally {
            calls--;
        }
    }

    boolean isCalm() {
        return operations.isEmpty();
    }

    String pending() {
        return "life " + life + ": " + operations;
    }

    void close() {
        calls++;
        try {
            portals.close();
        } finally {
            calls--;
        }
    }

    private long length() {
        final int kind = random.nextInt(10);
        return random.nextInt(kind < 5 ? 33 : kind < 9 ? 301 : 2049);
    }

    private void operate(final boolean block) {
        if (operations.size() >= MOST_OPERATIONS) {
            return;
        }
        final int target = random.nextInt(world.size());
        final boolean isPut = random.nextInt(3) > 0;
        OptionSet<MdOption> options = OptionSet.none();
        for (final MdOption option :
                List.of(MdOption.EVENT_CT_SEND, MdOption.EVENT_CT_ACK, MdOption.EVENT_CT_REPLY)) {
            options = random.nextBoolean() ? options.with(option) : options;
        }
        options = random.nextInt(8) == 0 ? options.with(MdOption.EVENT_SEND_DISABLE) : options;
        options = random.nextInt(8) == 0 ? options.with(MdOption.EVENT_SUCCESS_DISABLE) : options;
        final Operation.Request request =
                new Operation.Request(
                        world.nextId(),
                        isPut,
                        AckRequest.values()[random.nextInt(AckRequest.values().length)],
                        options,
                        random.nextInt(17),
                        length(),
                        target,
                        random.nextInt(8) == 0 ? random.nextInt(4) : 0,
                        matchBits(isPut),
                        random.nextInt(4) == 0 ? random.nextInt(600) : 0);
        final MemorySegment memory =
                world.allocate(request.localOffset() + request.length() + random.nextInt(9));
        Operation.fill(memory, request);
        final CountingEvent counter = ni.allocateCountingEvent();
        final MemoryDescriptor md =
                ni.bind(
                        MemoryDescriptor.of(memory)
                                .options(options)
                                .eventQueue(initiatorEvents)
                                .counter(counter));
        final Operation operation =
                new Operation(request, life, world.lifeOf(target), memory, counter, md);
        start(operation, block, counter);
    }

    private void start(
            final Operation operation, final boolean block, final CountingEvent counter) {
        world.add(operation);
        operations.add(operation);
        world.trace(() -> "life " + life + " starts " + operation);
        if (call(operation.request(), operation.md(), block) == ReturnCode.NO_SPACE) {
            check(!block, "NO_SPACE of a call that waits", operation);
            check(operation.md().release() == ReturnCode.OK, "release", operation);
            counter.close();
            operations.remove(operation);
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

    private long matchBits(final boolean isPut) {
        return random.nextLong(3) + (isPut ? 0 : 16);
    }

    private void append() {
        if (entries.stream().filter(TargetEntry::mayBeLinked).count() >= MOST_ENTRIES) {
            return;
        }
        final PortalTableEntry portal = table.get(random.nextInt(table.size()));
        final TargetEntry.Definition definition = EntryDraw.draw(random, world, portal.index());
        final long bytes = Math.max(definition.minFree(), 3 + length());
        final TargetEntry entry = new TargetEntry(definition, portal, world.allocate(bytes));
        entries.add(entry);
        world.add(entry);
        world.trace(() -> "life " + life + " appends " + entry);
        try {
            entry.append(holder);
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
                operation.checkEnded(world.isFaulty());
            }
        }
    }

    private void drain() {
        drain(initiatorEvents);
        drain(targetEvents);
    }

    private void drain(final EventQueue queue) {
        for (ReturnCode code = queue.get(event);
                code != ReturnCode.EQ_EMPTY;
                code = queue.get(event)) {
            check(code == ReturnCode.OK, "get failed", life);
            world.trace(() -> "life " + life + " sees " + event);
            world.onEvent(life, event);
        }
    }
}

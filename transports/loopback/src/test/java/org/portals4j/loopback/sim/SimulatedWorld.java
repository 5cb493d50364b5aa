package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;

import org.agrona.collections.Long2ObjectHashMap;
import org.portals4j.Event;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ProgressMode;
import org.portals4j.loopback.LoopbackFabric;
import org.portals4j.loopback.SimulatedFabric;
import org.portals4j.loopback.SimulationProfile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A run: 2 to 8 instances over a simulated fabric in one thread, with settings, programs, schedule
 * and faults drawn from a seed, and an oracle that checks each event and each byte.
 *
 * <p>A blocking call of one instance waits in {@link #idle}, which runs the others. Instances that
 * are inside a call are left alone, and those run from there do not block. When nobody has anything
 * to do the clock jumps to the next event of the network, or far enough for timers.
 */
final class SimulatedWorld {
    private static final int STEPS_PER_NODE = 300;
    private static final int OPERATIONS_PER_NODE = 80;
    private static final int ENTRIES_PER_NODE = 40;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long PEER_TIMEOUT = 300 * MILLI;
    private static final long CONNECT_TIMEOUT = 600 * MILLI;
    private static final long CLOSE_TIMEOUT = 100 * MILLI;
    private static final long SETTLED = 6 * (PEER_TIMEOUT + CONNECT_TIMEOUT);
    private static final long LONGEST_JUMP = 10 * MILLI;
    private static final int LOCALHOST = 0x7f000001;
    private static final int NATIVE_BYTES = 1 << 18;

    /** The end of a partition, to come. */
    private record Heal(int a, int b, long at) {}

    private final List<Heal> heals = new ArrayList<>();
    private final SplittableRandom random;
    private final SimulatedFabric fabric;
    private final SimulatedNode[] nodes;
    private final boolean[] died;
    private final boolean[][] disturbed;
    private final Consumer<String> tracer;
    private final Long2ObjectHashMap<Operation> operations = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<TargetEntry> entries = new Long2ObjectHashMap<>();
    private final List<Operation> inOrder = new ArrayList<>();
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment nativeMemory = arena.allocate(NATIVE_BYTES);
    private final boolean withFaults;
    private final boolean withLostMemory;
    private final boolean withSilentEntries;
    private final long pace;

    private long nativeUsed;
    private long ids;
    private long lives;
    private long eventHash;
    private long callSince;
    private int quiet;
    private boolean faulty;
    private boolean calming;
    private Throwable error;

    /** A tracer of null says nothing. */
    SimulatedWorld(final long seed, final Consumer<String> tracer) {
        this.tracer = tracer;
        random = new SplittableRandom(seed);
        fabric = LoopbackFabric.simulated(random.nextLong(), SimulationProfile.random(random));
        withFaults = random.nextBoolean();
        withLostMemory = withFaults && random.nextInt(3) == 0;
        withSilentEntries = random.nextInt(4) == 0;
        pace = 1 + random.nextLong(random.nextBoolean() ? 20 * MICRO : MILLI);
        nodes = new SimulatedNode[2 + random.nextInt(7)];
        died = new boolean[nodes.length];
        disturbed = new boolean[nodes.length][nodes.length];
        trace(() -> "seed " + seed + " " + fabric.profile() + " faults=" + withFaults);
        for (int i = 0; i < nodes.length; i++) {
            open(i);
        }
    }

    /** Runs to the end and checks everything; the same seed gives the same result. */
    long run() {
        try (arena) {
            for (int i = STEPS_PER_NODE * nodes.length; i > 0; i--) {
                step();
            }
            settle();
            checkSettled();
            ping();
            for (int i = 0; i < nodes.length; i++) {
                callSince = now();
                nodes[i].dismantle();
                nodes[i] = null;
            }
            checkError();
            return eventHash * 31 + fabric.traceHash();
        }
    }

    // --- what nodes ask for

    Portals.Context context(final SimulatedNode node, final SplittableRandom seeds) {
        return new Portals.Context()
                .transport("loopback")
                .transportResource(fabric)
                .pid(1 + node.index())
                .uid(uidOf(node.index()))
                .progressMode(ProgressMode.INVOKER)
                .clock(fabric.clock())
                .random(seeds.split())
                .waiter((idleTurns, maxNanos) -> idle(maxNanos))
                .eagerLimit(node.settings().eagerLimit())
                .windowBytes(node.settings().window())
                .operationSlots(node.settings().slots())
                .peerCredit(node.settings().credit())
                .peerTimeoutNs(PEER_TIMEOUT)
                .connectTimeoutNs(CONNECT_TIMEOUT)
                .closeTimeoutNs(CLOSE_TIMEOUT)
                .errorHandler(e -> error = e);
    }

    int size() {
        return nodes.length;
    }

    ProcessId idOf(final int index) {
        return new ProcessId(LOCALHOST, 1 + index);
    }

    int uidOf(final int index) {
        return 100 + index;
    }

    /** The present life of a name, or 0. */
    long lifeOf(final int index) {
        return nodes[index] == null ? 0 : nodes[index].life();
    }

    /** The window of whoever has a name now. */
    int windowOf(final int index) {
        return nodes[index] == null ? 7 : nodes[index].settings().window();
    }

    int frameLength() {
        return fabric.profile().minFrame();
    }

    /** Whether entries may be silent about some of what happens to them. */
    boolean hasSilentEntries() {
        return withSilentEntries;
    }

    /** Whether there shall be one more operation: while one call waits, others may do a lot. */
    boolean takesOperation() {
        return !calming && inOrder.size() < OPERATIONS_PER_NODE * nodes.length;
    }

    boolean takesEntry() {
        return !calming && entries.size() < ENTRIES_PER_NODE * nodes.length;
    }

    long nextId() {
        return ++ids;
    }

    void add(final Operation operation) {
        operations.put(operation.id(), operation);
        inOrder.add(operation);
    }

    /** It was never begun. */
    void forget(final Operation operation) {
        operations.remove(operation.id());
        inOrder.removeLast();
    }

    void add(final TargetEntry entry) {
        entries.put(entry.id(), entry);
    }

    /** Whether anything has happened that may make an operation undeliverable. */
    boolean mayFail(final Operation operation) {
        final int from = operation.request().initiator();
        final int to = operation.request().target();
        return died[from] || died[to] || disturbed[from][to] || operation.memory().isLost();
    }

    /** Whether anything has been done on purpose that may break a connection. */
    boolean isFaulty() {
        return faulty;
    }

    /** Whether memory may go away. */
    boolean losesMemory() {
        return withLostMemory && !calming;
    }

    @SuppressWarnings("MustBeClosedChecker") // memory that goes away owns its arena
    Memory allocate(final long bytes) {
        if (losesMemory() && random.nextInt(8) == 0) {
            final Arena own = Arena.ofConfined();
            return new Memory(own.allocate(Math.max(1, bytes)).asSlice(0, bytes), own);
        }
        if (random.nextInt(4) != 0 || nativeUsed + bytes > NATIVE_BYTES) {
            return new Memory(MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]), null);
        }
        nativeUsed += bytes;
        return new Memory(nativeMemory.asSlice(nativeUsed - bytes, bytes), null);
    }

    void trace(final Supplier<String> line) {
        if (tracer != null) {
            tracer.accept(now() + " " + line.get());
        }
    }

    void onEvent(final long life, final Event event) {
        fold(life);
        fold(event.kind().ordinal() * 64L + event.niFail().ordinal());
        fold(event.userData());
        fold(event.mlength());
        switch (event.kind()) {
            case SEND, ACK, REPLY -> {
                final Operation operation = operations.get(event.userData());
                check(operation != null, "event of nothing", event);
                check(operation.initiatorLife() == life, "event of another life", operation);
                operation.onEvent(event, mayFail(operation));
            }
            case LINK, AUTO_UNLINK, AUTO_FREE -> entryOf(event).onEvent(event, null, false);
            default -> {
                final Operation operation = operations.get(Operation.idOf(event.matchBits()));
                check(operation != null, "event of no operation", event);
                entryOf(event).onEvent(event, operation, mayFail(operation));
            }
        }
    }

    private TargetEntry entryOf(final Event event) {
        final TargetEntry entry = entries.get(event.userData());
        check(entry != null, "event of nothing", event);
        return entry;
    }

    // --- the schedule

    private long now() {
        return fabric.clock().getAsLong();
    }

    private void step() {
        checkError();
        callSince = now();
        healDue();
        if (withFaults && random.nextInt(70) == 0) {
            disturb();
            return;
        }
        final SimulatedNode node = nodes[random.nextInt(nodes.length)];
        if (node != null && node.isRunnable(now())) {
            node.step(true);
        }
        switch (random.nextInt(200)) {
            case 0 -> fabric.advance(random.nextLong(LONGEST_JUMP));
            case 1, 2, 3, 4 -> jump(LONGEST_JUMP);
            default -> {
                if (random.nextInt(3) == 0) {
                    fabric.advance(random.nextLong(pace));
                }
            }
        }
    }

    /** Moves the clock to the next event of the network; the longer nothing happens the further. */
    private void jump(final long most) {
        final long until = fabric.nextEventTime() - now();
        final long step = until > 0 ? until : MICRO << Math.min(quiet, 14);
        fabric.advance(Math.clamp(step, 1, Math.max(1, most)));
    }

    /** What a thread does that waits in a call: runs the other instances and the clock. */
    private void idle(final long maxNanos) {
        check(now() - callSince < SETTLED, this::pending, "a call does not return");
        healDue();
        final long now = now();
        int work = 0;
        for (final SimulatedNode node : nodes) {
            if (node != null && node.isRunnable(now)) {
                if (calming) {
                    work += node.calmDown();
                } else if (quiet < 4 && random.nextInt(4) == 0) {
                    node.step(false);
                    work++;
                } else {
                    work += node.progress();
                }
            }
        }
        rest(work, Math.min(maxNanos, LONGEST_JUMP));
    }

    private void rest(final int work, final long most) {
        if (work == 0) {
            quiet++;
            jump(most);
        } else {
            quiet = 0;
            fabric.advance(1 + random.nextLong(pace));
        }
    }

    private void disturb() {
        final int index = random.nextInt(nodes.length);
        final int other = random.nextInt(nodes.length);
        final SimulatedNode node = nodes[index];
        faulty = true;
        switch (random.nextInt(9)) {
            case 8 -> {
                if (node != null) {
                    final long life = ++lives;
                    trace(() -> "reopen " + idOf(index) + " as life " + life);
                    died[index] = true;
                    node.reopen(life);
                }
            }
            case 0 -> {
                if (node != null) {
                    trace(() -> "kill " + idOf(index));
                    died[index] = true;
                    fabric.kill(idOf(index));
                    nodes[index] = null;
                }
            }
            case 1 -> {
                if (node != null) {
                    trace(() -> "close " + idOf(index));
                    died[index] = true;
                    node.close();
                    nodes[index] = null;
                }
            }
            case 2, 3, 4 -> {
                if (node == null) {
                    open(index);
                }
            }
            case 5 -> {
                if (index != other) {
                    partition(index, other);
                }
            }
            case 6 -> {
                if (node != null) {
                    final long until = now() + random.nextLong(3 * PEER_TIMEOUT);
                    trace(() -> "pause " + idOf(index) + " until " + until);
                    died[index] = true; // so it seems to the others
                    node.pauseUntil(until);
                }
            }
            default -> {
                trace(() -> "heal " + idOf(index) + " " + idOf(other));
                fabric.heal(idOf(index), idOf(other));
            }
        }
    }

    private void partition(final int a, final int b) {
        trace(() -> "partition " + idOf(a) + " " + idOf(b));
        disturbed[a][b] = true;
        disturbed[b][a] = true;
        fabric.partition(idOf(a), idOf(b));
        if (random.nextInt(3) > 0) { // too short to be noticed, but for what it loses
            heals.add(new Heal(a, b, now() + random.nextLong(PEER_TIMEOUT / 3)));
        }
    }

    private void healDue() {
        for (int i = heals.size() - 1; i >= 0; i--) {
            final Heal heal = heals.get(i);
            if (heal.at() <= now()) {
                heals.remove(i);
                trace(() -> "heal " + heal);
                fabric.heal(idOf(heal.a()), idOf(heal.b()));
            }
        }
    }

    private void open(final int index) {
        trace(() -> "open " + idOf(index) + " as life " + (lives + 1));
        nodes[index] = new SimulatedNode(this, index, ++lives, random.split());
        check(nodes[index].id().equals(idOf(index)), "name", nodes[index].id());
    }

    // --- the end

    /** No new work, no faults: lets everything end that has begun. */
    private void settle() {
        trace(() -> "settle");
        calming = true;
        for (int i = 0; i < nodes.length; i++) {
            for (int j = 0; j < i; j++) {
                fabric.heal(idOf(i), idOf(j));
            }
            if (nodes[i] == null) {
                open(i);
            }
            nodes[i].pauseUntil(0);
        }
        settle(
                faulty
                        ? 2 * (PEER_TIMEOUT + CONNECT_TIMEOUT)
                        : random.nextInt(8) == 0 ? 3 * PEER_TIMEOUT : 20 * MILLI);
    }

    private void settle(final long least) {
        final long start = now();
        boolean calm = false;
        for (long time = 0; !calm || time < least; time = now() - start) {
            calm = faulty || fabric.inFlight() == 0; // to the dead something may be on the way
            int work = 0;
            for (final SimulatedNode node : nodes) {
                work += node.calmDown();
                calm &= node.isCalm();
            }
            calm &= work == 0;
            checkError();
            check(time < SETTLED, this::pending, "does not settle");
            rest(work, LONGEST_JUMP);
        }
    }

    /** However bad it was, at the end everybody can talk to everybody. */
    private void ping() {
        trace(() -> "ping");
        Arrays.fill(died, false);
        for (final boolean[] row : disturbed) {
            Arrays.fill(row, false);
        }
        for (int i = 0; i < nodes.length; i++) {
            for (int j = 0; j < nodes.length; j++) {
                callSince = now();
                nodes[i].ping(j);
            }
        }
        settle(0);
    }

    private String pending() {
        final StringBuilder text = new StringBuilder();
        for (final SimulatedNode node : nodes) {
            if (node != null && !node.isCalm()) {
                text.append(node.pending()).append('\n');
            }
        }
        return text.toString();
    }

    private void checkSettled() {
        for (final SimulatedNode node : nodes) {
            node.readAll();
        }
        for (final SimulatedNode node : nodes) {
            final List<Operation> here = new ArrayList<>();
            boolean mayFail = false;
            for (final Operation operation : inOrder) {
                if (operation.request().target() == node.index()) {
                    mayFail |= mayFail(operation);
                    if (operation.targetLife() == node.life()) {
                        here.add(operation);
                    }
                }
            }
            node.checkSettled(here, mayFail);
            if (!withSilentEntries) {
                here.forEach(this::checkSettled);
            }
        }
    }

    /** Operations of a life that is no more have not ended. */
    private void checkSettled(final Operation operation) {
        if (lifeOf(operation.request().initiator()) == operation.initiatorLife()) {
            operation.checkSettled(mayFail(operation));
        }
    }

    private void checkError() {
        if (error != null) {
            throw new AssertionError("an instance reported an error", error);
        }
    }

    private void fold(final long value) {
        final long hash = (eventHash ^ value) * 0x9e3779b97f4a7c15L;
        eventHash = hash ^ (hash >>> 29);
    }
}

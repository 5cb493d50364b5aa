package org.portals4j.loopback.sim;

import static org.portals4j.loopback.sim.Pattern.check;

import org.agrona.collections.Long2ObjectHashMap;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ProgressMode;
import org.portals4j.loopback.LoopbackFabric;
import org.portals4j.loopback.SimulatedFabric;
import org.portals4j.loopback.SimulationProfile;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A run: 2 to 8 instances over a simulated fabric in one thread, with settings, programs, schedule
 * and faults drawn from a seed, and an oracle that checks each event and each byte.
 *
 * <p>A blocking call of one instance waits in {@link #idle}, which runs the others. Instances that
 * are inside a call are left alone, and those run from there do not block.
 */
final class SimulatedWorld {
    private static final int STEPS_PER_NODE = 300;
    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long PEER_TIMEOUT = 1_000 * MILLI;
    private static final long CONNECT_TIMEOUT = 2_000 * MILLI;
    private static final long CLOSE_TIMEOUT = 100 * MILLI;
    private static final long SETTLED = 4 * (PEER_TIMEOUT + CONNECT_TIMEOUT);

    private final SplittableRandom random;
    private final SimulatedFabric fabric;
    private final SimulatedNode[] nodes;
    private final Consumer<String> tracer;
    private final Long2ObjectHashMap<Operation> operations = new Long2ObjectHashMap<>();
    private final Long2ObjectHashMap<TargetEntry> entries = new Long2ObjectHashMap<>();
    private final List<Operation> inOrder = new ArrayList<>();
    private final boolean withFaults;

    private long ids;
    private long lives;
    private long eventHash;
    private boolean faulty;
    private Throwable error;

    /** A tracer of null says nothing. */
    SimulatedWorld(final long seed, final Consumer<String> tracer) {
        this.tracer = tracer;
        random = new SplittableRandom(seed);
        fabric = LoopbackFabric.simulated(random.nextLong(), SimulationProfile.random(random));
        withFaults = random.nextBoolean();
        nodes = new SimulatedNode[2 + random.nextInt(7)];
        trace(() -> "seed " + seed + " " + fabric.profile() + " faults=" + withFaults);
        for (int i = 0; i < nodes.length; i++) {
            open(i);
        }
    }

    /** Runs to the end and checks everything; the same seed gives the same result. */
    long run() {
        for (int i = STEPS_PER_NODE * nodes.length; i > 0; i--) {
            step();
        }
        settle();
        checkSettled();
        for (int i = 0; i < nodes.length; i++) {
            nodes[i].close();
            nodes[i] = null;
        }
        checkError();
        return eventHash * 31 + fabric.traceHash();
    }

    /** Events seen in this run are folded into a hash, frames into that of the fabric. */
    SimulatedFabric fabric() {
        return fabric;
    }

    // --- what nodes ask for

    Portals.Context context(final SimulatedNode node, final SplittableRandom seeds) {
        return new Portals.Context()
                .transport("loopback")
                .transportResource(fabric)
                .pid(1 + node.index())
                .progressMode(ProgressMode.INVOKER)
                .clock(fabric.clock())
                .random(seeds.split())
                .waiter((idleTurns, maxNanos) -> idle(idleTurns, maxNanos))
                .eagerLimit(16 + seeds.nextInt(seeds.nextBoolean() ? 16 : 2000))
                .windowBytes(7 + seeds.nextInt(seeds.nextBoolean() ? 64 : 4000))
                .operationSlots(4 + seeds.nextInt(seeds.nextBoolean() ? 8 : 64))
                .peerCredit(2 + seeds.nextInt(seeds.nextBoolean() ? 4 : 64))
                .peerTimeoutNs(PEER_TIMEOUT)
                .connectTimeoutNs(CONNECT_TIMEOUT)
                .closeTimeoutNs(CLOSE_TIMEOUT)
                .errorHandler(e -> error = e);
    }

    int size() {
        return nodes.length;
    }

    ProcessId idOf(final int index) {
        return new ProcessId(0x7f000001, 1 + index);
    }

    /** The present life of a name, or 0. */
    long lifeOf(final int index) {
        return nodes[index] == null ? 0 : nodes[index].life();
    }

    long nextId() {
        return ++ids;
    }

    void add(final Operation operation) {
        operations.put(operation.id(), operation);
        inOrder.add(operation);
    }

    void add(final TargetEntry entry) {
        entries.put(entry.id(), entry);
    }

    boolean isFaulty() {
        return faulty;
    }

    MemorySegment allocate(final long bytes) {
        return random.nextInt(4) == 0
                ? Arena.ofAuto().allocate(Math.max(1, bytes)).asSlice(0, bytes)
                : MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    }

    void trace(final Supplier<String> line) {
        if (tracer != null) {
            tracer.accept(fabric.clock().getAsLong() + " " + line.get());
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
                operation.onEvent(event, faulty);
            }
            default -> {
                final TargetEntry entry = entries.get(event.userData());
                check(entry != null, "event of nothing", event);
                final boolean named =
                        event.kind() == EventKind.PUT || event.kind() == EventKind.PUT_OVERFLOW;
                entry.onEvent(event, named ? operations.get(event.headerData()) : null, faulty);
            }
        }
    }

    // --- the schedule

    void step() {
        checkError();
        final int what = random.nextInt(1000);
        if (what < 700) {
            final SimulatedNode node = nodes[random.nextInt(nodes.length)];
            if (node != null) {
                node.step(true);
            }
        } else if (what < 990 || !withFaults) {
            advance(random.nextBoolean() ? 100 * MICRO : MILLI);
        } else {
            disturb();
        }
    }

    /** Moves the clock to the next event of the network, or by a random time, up to a limit. */
    private void advance(final long most) {
        final long next = fabric.nextEventTime();
        final long now = fabric.clock().getAsLong();
        final boolean jump = next != Long.MAX_VALUE && next > now && random.nextBoolean();
        fabric.advance(Math.min(most, jump ? next - now : 1 + random.nextLong(most)));
    }

    /** What a thread does that waits in a call: runs the other instances and the clock. */
    private void idle(final int idleTurns, final long maxNanos) {
        final boolean patient = idleTurns > 200;
        for (final SimulatedNode node : nodes) {
            if (node != null && !node.isInCall() && (patient || random.nextBoolean())) {
                node.step(false);
            }
        }
        advance(Math.max(1, Math.min(maxNanos, patient ? 5 * MILLI : 50 * MICRO)));
    }

    private void disturb() {
        final int index = random.nextInt(nodes.length);
        final int other = random.nextInt(nodes.length);
        faulty = true;
        switch (random.nextInt(6)) {
            case 0 -> {
                if (nodes[index] != null) {
                    trace(() -> "kill " + idOf(index));
                    fabric.kill(idOf(index));
                    nodes[index] = null;
                }
            }
            case 1 -> {
                if (nodes[index] != null) {
                    trace(() -> "close " + idOf(index));
                    nodes[index].close();
                    nodes[index] = null;
                }
            }
            case 2, 3 -> {
                if (nodes[index] == null) {
                    open(index);
                }
            }
            case 4 -> {
                trace(() -> "partition " + idOf(index) + " " + idOf(other));
                fabric.partition(idOf(index), idOf(other));
            }
            default -> {
                trace(() -> "heal " + idOf(index) + " " + idOf(other));
                fabric.heal(idOf(index), idOf(other));
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
        for (int i = 0; i < nodes.length; i++) {
            for (int j = 0; j < i; j++) {
                fabric.heal(idOf(i), idOf(j));
            }
            if (nodes[i] == null) {
                open(i);
            }
        }
        final long start = fabric.clock().getAsLong();
        final long least = faulty ? 2 * (PEER_TIMEOUT + CONNECT_TIMEOUT) : 20 * MILLI;
        boolean calm = false;
        for (long time = 0; !calm || time < least; time = fabric.clock().getAsLong() - start) {
            calm = true;
            for (final SimulatedNode node : nodes) {
                node.calmDown();
                calm &= node.isCalm();
            }
            checkError();
            check(time < SETTLED, this::pending, "does not settle");
            advance(calm ? 5 * MILLI : MILLI);
        }
    }

    private String pending() {
        final StringBuilder text = new StringBuilder();
        for (final SimulatedNode node : nodes) {
            if (!node.isCalm()) {
                text.append(node.pending()).append('\n');
            }
        }
        return text.toString();
    }

    private void checkSettled() {
        for (final SimulatedNode node : nodes) {
            node.entries().forEach(TargetEntry::checkSettled);
        }
        for (final Operation operation : inOrder) {
            final SimulatedNode target = nodes[operation.request().target()];
            if (target.life() == operation.targetLife()) {
                operation.checkPlaced();
            }
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

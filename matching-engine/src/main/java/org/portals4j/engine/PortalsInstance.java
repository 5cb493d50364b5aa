package org.portals4j.engine;

import org.jspecify.annotations.Nullable;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.PortalsContext;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ProgressMode;
import org.portals4j.ReturnCode;
import org.portals4j.engine.initiator.Initiator;
import org.portals4j.engine.match.MatchCounters;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.ConnectionListener;
import org.portals4j.engine.peer.Connections;
import org.portals4j.engine.peer.PeerSettings;
import org.portals4j.engine.progress.Progress;
import org.portals4j.engine.progress.Turn;
import org.portals4j.engine.target.Target;
import org.portals4j.engine.target.TargetSide;
import org.portals4j.engine.transfer.DataFrames;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Provider;

import java.lang.invoke.VarHandle;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * An instance: one process id, one endpoint, one lock, up to one interface of each kind.
 *
 * <pre>
 *   turn:  endpoint.poll -&gt; Dispatcher -&gt; Target | Initiator | Connections
 *          connections.service: responses, requests, data
 *          timers
 * </pre>
 */
final class PortalsInstance implements Portals, Turn, ConnectionListener {
    private static final int TURN_FRAMES = 16;
    private static final int SHORT_TURN_FRAMES = 4;
    private static final int TURN_BYTES = 64 * 1024;
    private static final int CLOCK_TURNS = 16;
    private static final int KINDS = InterfaceKind.values().length;

    private final Portals.Context context;
    private final Endpoint endpoint;
    private final LongSupplier clock;
    private final long timerIntervalNs;
    private final @Nullable TargetSide[] sides = new TargetSide[KINDS];
    private final @Nullable EngineInterface[] interfaces = new EngineInterface[KINDS];
    private final int uid;
    private final Target target;
    private final Initiator initiator;
    private final Dispatcher dispatcher;
    private final Connections connections;
    private final Progress progress;
    private final Errors errors;
    private final @Nullable ProgressThread thread;
    private int turns;
    private long lastTimersNs;
    private boolean closing;
    private boolean closed;
    private boolean failed;

    private PortalsInstance(
            final Portals.Context context,
            final Endpoint endpoint,
            final Errors errors,
            final long incarnation) {
        this.context = context;
        this.errors = errors;
        this.endpoint = endpoint;
        clock = context.clock();
        timerIntervalNs = Math.min(10_000_000, context.peerTimeoutNs() / 16);
        lastTimersNs = clock.getAsLong();
        uid = context.uid() == PortalsContext.UID_DEFAULT ? UserId.effective() : context.uid();
        final int maxFrame = endpoint.capabilities().maxFrame();
        final DataFrames data = new DataFrames(maxFrame);
        target = new Target(maxFrame, data);
        initiator = new Initiator(context.operationSlots(), context.eagerLimit(), maxFrame, data);
        dispatcher = new Dispatcher(target, initiator, sides);
        final boolean background = context.progressMode() == ProgressMode.THREAD;
        progress = new Progress(this, context.waiter(), clock, background);
        connections =
                new Connections(
                        endpoint,
                        settings(incarnation),
                        clock,
                        context.random(),
                        dispatcher,
                        this,
                        errors);
        dispatcher.connections(connections);
        thread =
                background
                        ? new ProgressThread(progress, endpoint, context.threadFactory(), errors)
                        : null;
    }

    static PortalsInstance open(final Portals.Context context, final Provider provider) {
        final long incarnation = context.random().nextLong();
        final Errors errors = new Errors(context.errorHandler());
        final Endpoint endpoint =
                provider.open(
                        new EndpointConfig(
                                context.transport(),
                                context.nid(),
                                context.pid(),
                                incarnation,
                                context.properties(),
                                context.transportResource(),
                                errors),
                        context.clock(),
                        context.random());
        try {
            checkFrames(context.transport(), endpoint.capabilities().maxFrame());
            final PortalsInstance instance =
                    new PortalsInstance(context, endpoint, errors, incarnation);
            if (instance.thread != null) {
                instance.thread.start();
            }
            return instance;
        } catch (final RuntimeException | Error e) { // of the context's thread factory, say
            endpoint.close(0);
            errors.deliver();
            throw e;
        }
    }

    private static void checkFrames(final String transport, final int maxFrame) {
        if (maxFrame < Capabilities.MIN_FRAME) {
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "transport "
                            + transport
                            + " has frames of "
                            + maxFrame
                            + " bytes, at least "
                            + Capabilities.MIN_FRAME
                            + " are needed");
        }
    }

    private PeerSettings settings(final long incarnation) {
        return new PeerSettings(
                uid,
                incarnation,
                context.authenticationToken(),
                context.peerCredit(),
                context.windowBytes(),
                context.peerTimeoutNs(),
                context.connectTimeoutNs());
    }

    Progress progressOf() {
        return progress;
    }

    Initiator initiator() {
        return initiator;
    }

    Connections connections() {
        return connections;
    }

    Target target() {
        return target;
    }

    int uid() {
        return uid;
    }

    long closeTimeoutNs() {
        return context.closeTimeoutNs();
    }

    RandomGenerator random() {
        return context.random();
    }

    @Nullable Thread background() {
        return thread == null ? null : thread.thread();
    }

    @Override
    public int run() {
        if (closed) {
            return 0;
        }
        // a turn is short when a caller waits for the lock
        final int frames = progress.wanted() ? SHORT_TURN_FRAMES : TURN_FRAMES;
        int work = endpoint.poll(dispatcher, frames, TURN_BYTES);
        work += connections.pollSelf();
        try {
            work += connections.service();
        } finally {
            connections.abortOpenClaim();
        }
        if (work == 0 || ++turns >= CLOCK_TURNS) {
            turns = 0;
            final long now = clock.getAsLong();
            if (now - lastTimersNs >= timerIntervalNs) {
                lastTimersNs = now;
                connections.timers(now);
                checkEndpoint();
            }
        }
        return work;
    }

    private void checkEndpoint() {
        final String cause = endpoint.failure();
        if (cause != null && !failed) {
            failed = true;
            connections.abandon(cause);
            progress.fail(cause);
        }
    }

    @Override
    public void onDown(final Connection connection, final String cause) {
        target.onDown(connection);
        initiator.onDown(connection);
    }

    @Override
    public NetworkInterface networkInterface(final InterfaceKind kind, final Limits desired) {
        progress.enter();
        try {
            checkOpen();
            EngineInterface ni = interfaces[kind.ordinal()];
            if (ni == null) {
                ni =
                        new EngineInterface(
                                this,
                                kind,
                                LimitsNegotiation.negotiate(
                                        desired,
                                        initiator.eagerLimit(),
                                        initiator.atomics().maxAtomic()));
                interfaces[kind.ordinal()] = ni;
                sides[kind.ordinal()] = ni.side();
                tellReady();
            }
            ni.refer();
            return ni;
        } finally {
            progress.exit();
        }
    }

    /** Takes an interface out of service, under the lock: no new requests, no new calls. */
    void retire(final EngineInterface ni) {
        final int kind = ni.kind().ordinal();
        interfaces[kind] = null;
        sides[kind] = null;
        tellReady();
    }

    private void tellReady() {
        int kinds = 0;
        for (int i = 0; i < KINDS; i++) {
            if (sides[i] != null) {
                kinds |= 1 << i;
            }
        }
        connections.readyKinds(kinds);
    }

    private void checkOpen() {
        if (closing) {
            throw new PortalsException(ReturnCode.NO_INIT, "instance " + id() + " is closed");
        }
    }

    @Override
    public ProcessId id() {
        return new ProcessId(endpoint.nid(), endpoint.pid());
    }

    @Override
    public String transport() {
        return context.transport();
    }

    @Override
    public int progress() {
        final int work = progress.tryTurn();
        errors.deliver();
        return work;
    }

    @Override
    public void atomicSync() {
        progress.enter(); // operations run under this lock, so those begun are done
        try {
            checkOpen();
            VarHandle.fullFence();
        } finally {
            progress.exit();
        }
    }

    @Override
    public String describe() {
        progress.enter();
        try {
            return InstanceReport.text(context, endpoint, initiator, connections, matchCounters());
        } finally {
            progress.exit();
        }
    }

    private MatchCounters matchCounters() {
        final MatchCounters sum = new MatchCounters();
        for (final TargetSide side : sides) {
            if (side != null) {
                side.addCounters(sum);
            }
        }
        return sum;
    }

    @Override
    public void close() {
        progress.enter();
        try {
            if (closing) {
                return;
            }
            closing = true;
        } finally {
            progress.exit();
        }
        final boolean interrupted =
                Thread.interrupted(); // bounded by the close timeout all the same
        try {
            for (final EngineInterface ni : interfaces) {
                if (ni != null) {
                    ni.shutDown();
                }
            }
            sayGoodBye();
        } finally {
            if (thread != null) {
                thread.stop();
            }
            endpoint.close(context.closeTimeoutNs());
            errors.deliver();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void sayGoodBye() {
        final long deadline = progress.deadline(context.closeTimeoutNs());
        progress.enter();
        try {
            connections.beginClose();
        } finally {
            progress.exit();
        }
        int idle = 0;
        progress.beginWait();
        try {
            while (idle >= 0 && hasConnections()) {
                idle = progress.pause(idle, deadline);
            }
        } finally {
            progress.endWait(idle);
        }
        progress.enter();
        try {
            connections.abandon("this process is closing");
            closed = true;
        } finally {
            progress.exit();
        }
    }

    private boolean hasConnections() {
        progress.enter();
        try {
            return connections.size() != 0;
        } finally {
            progress.exit();
        }
    }
}

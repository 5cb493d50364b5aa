package org.portals4j.engine;

import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.MemoryDescriptor;
import org.portals4j.OptionSet;
import org.portals4j.PortalOption;
import org.portals4j.PortalTableEntry;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.StatusRegister;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.initiator.BoundMemory;
import org.portals4j.engine.memory.MemoryView;
import org.portals4j.engine.progress.Progress;
import org.portals4j.engine.target.TargetSide;

import java.util.ArrayList;
import java.util.List;

/**
 * A network interface: checks arguments, takes the lock, hands over to the initiator or target
 * side.
 */
final class EngineInterface extends AtomicCalls {
    private static final int MAX_QUEUE = 1 << 24;

    private final PortalsInstance instance;
    private final InterfaceKind kind;
    private final Limits limits;
    private final Progress progress;
    private final TargetSide side;
    private final OperationChecks checks;
    private final Polling polling;
    private final List<EngineEventQueue> queues = new ArrayList<>();
    private final List<EngineCountingEvent> counters = new ArrayList<>();
    private final List<BoundMemory> descriptors = new ArrayList<>();
    private int references;
    private boolean closing;
    private boolean closed;

    EngineInterface(final PortalsInstance instance, final InterfaceKind kind, final Limits limits) {
        super(instance, kind, limits);
        this.instance = instance;
        this.kind = kind;
        this.limits = limits;
        progress = instance.progressOf();
        side =
                new TargetSide(
                        instance.target(),
                        progress,
                        this,
                        limits,
                        instance.background(),
                        instance.random());
        checks = new OperationChecks(this, limits);
        polling = new Polling(this, progress);
    }

    TargetSide side() {
        return side;
    }

    void refer() {
        references++;
    }

    @Override
    public InterfaceKind kind() {
        return kind;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public ProcessId id() {
        return instance.id();
    }

    @Override
    public ProcessId physicalId() {
        return instance.id();
    }

    @Override
    public int uid() {
        return instance.uid();
    }

    @Override
    public long status(final StatusRegister register) {
        progress.enter();
        try {
            return side.status(register);
        } finally {
            progress.exit();
        }
    }

    @Override
    public PortalTableEntry allocatePortal(
            final OptionSet<PortalOption> options,
            final @Nullable EventQueue queue,
            final int index) {
        progress.enter();
        try {
            checkOpen();
            return side.allocate(options, queue, index);
        } finally {
            progress.exit();
        }
    }

    @Override
    public MemoryDescriptor bind(final MemoryDescriptor.Definition definition) {
        final List<java.lang.foreign.MemorySegment> segments = definition.segments();
        final MemoryView view = new MemoryView();
        if (segments.size() == 1) {
            view.set(segments.getFirst());
        } else {
            view.set(segments);
        }
        progress.enter();
        try {
            checkOpen();
            checkMemory(view, segments.size());
            checkSpace(descriptors, limits.maxMds(), "max_mds");
            final Slot<BoundMemory> slot = new Slot<>(descriptors);
            final BoundMemory md =
                    new BoundMemory(
                            progress,
                            this,
                            view,
                            definition.options(),
                            definition.eventQueue() == null ? null : own(definition.eventQueue()),
                            definition.counter() == null ? null : own(definition.counter()),
                            slot);
            return slot.fill(md);
        } finally {
            progress.exit();
        }
    }

    private void checkMemory(final MemoryView view, final int segments) {
        if (segments > limits.maxIovecs()) {
            throw invalid(
                    "descriptor has " + segments + " segments, max_iovecs=" + limits.maxIovecs());
        }
        if (!view.isAlive()) {
            throw invalid("descriptor memory is closed");
        }
        final Thread background = instance.background();
        if (!view.isAccessibleBy(background == null ? Thread.currentThread() : background)) {
            throw invalid("descriptor memory is confined to a thread that does not make progress");
        }
    }

    @Override
    public EventQueue allocateEventQueue(final int count) {
        if (count < 1 || count > MAX_QUEUE) {
            throw invalid("event queue count=" + count + ", 1 to " + MAX_QUEUE);
        }
        // a large queue takes time: not under the lock
        final Slot<EngineEventQueue> slot = new Slot<>(queues);
        final EngineEventQueue queue = new EngineEventQueue(progress, this, count, slot);
        progress.enter();
        try {
            checkOpen();
            checkSpace(queues, limits.maxEqs(), "max_eqs");
            return slot.fill(queue);
        } finally {
            progress.exit();
        }
    }

    @Override
    public CountingEvent allocateCountingEvent() {
        progress.enter();
        try {
            checkOpen();
            checkSpace(counters, limits.maxCts(), "max_cts");
            final Slot<EngineCountingEvent> slot = new Slot<>(counters);
            return slot.fill(new EngineCountingEvent(progress, this, slot));
        } finally {
            progress.exit();
        }
    }

    private static void checkSpace(final List<?> objects, final int limit, final String name) {
        if (objects.size() >= limit) {
            throw new PortalsException(ReturnCode.NO_SPACE, name + "=" + limit + " are in use");
        }
    }

    EngineEventQueue own(final EventQueue queue) {
        if (queue instanceof final EngineEventQueue eq && eq.isOf(this) && !eq.isClosed()) {
            return eq;
        }
        throw invalid("event queue is freed or of another interface");
    }

    EngineCountingEvent own(final CountingEvent counter) {
        if (counter instanceof final EngineCountingEvent ct && ct.isOf(this) && !ct.isClosed()) {
            return ct;
        }
        throw invalid("counting event is freed or of another interface");
    }

    @Override
    public ReturnCode poll(final EventQueue[] eqs, final long timeoutNs, final Event event) {
        return polling.poll(eqs, timeoutNs, event);
    }

    @Override
    public ReturnCode poll(
            final CountingEvent[] cts,
            final long[] tests,
            final long timeoutNs,
            final CountingEvent.Value value) {
        return polling.poll(cts, tests, timeoutNs, value);
    }

    @Override
    public void put(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData) {
        final BoundMemory memory = checks.put(md, localOffset, length, ack, target);
        if (startPut(
                        memory,
                        localOffset,
                        length,
                        ack,
                        target,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        userData,
                        headerData)
                == ReturnCode.OK) {
            return;
        }
        // slots come back with responses, or when the peer is declared down
        int idle = 0;
        progress.beginWait();
        try {
            do {
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            } while (startPut(
                            memory,
                            localOffset,
                            length,
                            ack,
                            target,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData)
                    != ReturnCode.OK);
        } finally {
            progress.endWait(idle);
        }
    }

    @Override
    public ReturnCode tryPut(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData) {
        final BoundMemory memory = checks.put(md, localOffset, length, ack, target);
        return startPut(
                memory,
                localOffset,
                length,
                ack,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData,
                headerData);
    }

    private ReturnCode startPut(
            final BoundMemory md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData) {
        progress.enter();
        try {
            checkUsable(md);
            return instance.initiator()
                    .put(
                            instance.connections().connect(target.nid(), target.pid()),
                            kind.ordinal(),
                            md,
                            localOffset,
                            length,
                            ack,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData);
        } finally {
            instance.connections().abortOpenClaim();
            progress.exit();
        }
    }

    @Override
    public void get(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        final BoundMemory memory = checks.get(md, localOffset, length, target);
        if (startGet(
                        memory,
                        localOffset,
                        length,
                        target,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        userData)
                == ReturnCode.OK) {
            return;
        }
        // slots come back with responses, or when the peer is declared down
        int idle = 0;
        progress.beginWait();
        try {
            do {
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            } while (startGet(
                            memory,
                            localOffset,
                            length,
                            target,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData)
                    != ReturnCode.OK);
        } finally {
            progress.endWait(idle);
        }
    }

    @Override
    public ReturnCode tryGet(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        final BoundMemory memory = checks.get(md, localOffset, length, target);
        return startGet(
                memory,
                localOffset,
                length,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData);
    }

    private ReturnCode startGet(
            final BoundMemory md,
            final long localOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        progress.enter();
        try {
            checkUsable(md);
            return instance.initiator()
                    .get(
                            instance.connections().connect(target.nid(), target.pid()),
                            kind.ordinal(),
                            md,
                            localOffset,
                            length,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData);
        } finally {
            instance.connections().abortOpenClaim();
            progress.exit();
        }
    }

    @Override
    void checkUsable(final BoundMemory md) {
        checkOpen();
        if (md.isReleased()) {
            throw invalid("memory descriptor is released");
        }
    }

    private void checkOpen() {
        if (closing) {
            throw new PortalsException(
                    ReturnCode.NO_INIT, "interface " + kind + " of " + id() + " is closed");
        }
        progress.checkAlive();
    }

    static PortalsException invalid(final String what) {
        return new PortalsException(ReturnCode.ARG_INVALID, what);
    }

    @Override
    public void close() {
        progress.enter();
        try {
            if (closing || --references > 0) {
                return;
            }
        } finally {
            progress.exit();
        }
        shutDown();
    }

    /**
     * Ends the interface whatever refers to it: lets what is under way finish for a while, then
     * frees.
     */
    void shutDown() {
        progress.enter();
        try {
            if (closing) {
                return;
            }
            closing = true;
            instance.retire(this);
        } finally {
            progress.exit();
        }
        final long deadline = progress.deadline(instance.closeTimeoutNs());
        int idle = 0;
        progress.beginWait();
        try {
            while (idle >= 0 && isBusy()) {
                idle = progress.pauseUninterrupted(idle, deadline);
            }
        } finally {
            progress.endWait(idle);
        }
        progress.enter();
        try {
            if (!closed) {
                closed = true;
                side.close();
                instance.initiator().abandon(this);
                freeObjects();
            }
        } finally {
            progress.exit();
        }
    }

    private boolean isBusy() {
        progress.enter();
        try {
            return !closed && (instance.initiator().isBusy(this) || side.isMoving());
        } finally {
            progress.exit();
        }
    }

    private void freeObjects() {
        for (final EngineEventQueue queue : List.copyOf(queues)) {
            queue.free();
        }
        for (final EngineCountingEvent counter : List.copyOf(counters)) {
            counter.free();
        }
        for (final BoundMemory md : List.copyOf(descriptors)) {
            md.free();
        }
    }

    /** An object's place in the list of its kind; run when the object is freed. */
    private static final class Slot<T> implements Runnable {
        private final List<T> list;
        private @Nullable T object;

        Slot(final List<T> list) {
            this.list = list;
        }

        T fill(final T newObject) {
            object = newObject;
            list.add(newObject);
            return newObject;
        }

        @Override
        public void run() {
            list.remove(object);
        }
    }
}

package org.portals4j.engine.progress;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.Waiter;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Progress of one instance: whoever holds the lock makes it, in turns.
 *
 * <p>Waiting is a loop of the caller: probe, then {@link #pause}, which runs a turn if the lock is
 * free and idles if the turn found nothing:
 *
 * <pre>
 *   idle 0 .. {@value #SLEEP_AFTER}    a turn, then {@link Waiter#idle}
 *   idle {@value #SLEEP_AFTER}         the thread registers as a sleeper; the caller probes once more
 *   one later        parks until an event is posted (10 ms at most), then registers again
 * </pre>
 *
 * <p>Who posts an event marks it ({@link #posted}); sleepers are unparked after the lock is left.
 * Without a background thread a waiter never sleeps: it makes the progress that it waits for.
 */
public final class Progress {
    /** What {@link #pause} answers when the deadline has passed. */
    public static final int TIMED_OUT = -1;

    /** What {@link #pause} answers when the thread is interrupted; its flag stays set. */
    public static final int INTERRUPTED = -2;

    private static final int SLEEP_AFTER = 600;

    private static final long SLEEP_NS = 10_000_000;
    private static final int MAX_SLEEPERS = 64;
    private static final int CALLS_PER_TURN = 64;

    private final InstanceLock lock = new InstanceLock();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger sleeping = new AtomicInteger();
    private final AtomicReferenceArray<Thread> sleepers = new AtomicReferenceArray<>(MAX_SLEEPERS);
    private final Turn turn;
    private final Waiter waiter;
    private final LongSupplier clock;
    private final boolean background;
    private boolean posted;
    private int callsSinceTurn;
    private volatile @Nullable String failure;

    /**
     * Creates the progress of an instance.
     *
     * @param turn what a turn does
     * @param waiter what waiting threads do between turns
     * @param clock monotonic nanoseconds
     * @param background whether a background thread makes progress too
     */
    public Progress(
            final Turn turn,
            final Waiter waiter,
            final LongSupplier clock,
            final boolean background) {
        this.turn = turn;
        this.waiter = waiter;
        this.clock = clock;
        this.background = background;
    }

    /** Takes the instance's lock; not reentrant. */
    public void enter() {
        lock.lock();
    }

    /**
     * Leaves the lock and wakes sleepers if events were posted. Where callers follow each other
     * without a gap, threads that want to make progress do not get in: then one caller in {@value
     * #CALLS_PER_TURN} runs the turn that is owed.
     */
    public void exit() {
        if (++callsSinceTurn >= CALLS_PER_TURN && lock.wanted()) {
            callsSinceTurn = 0;
            try {
                turn.run();
            } finally {
                leave();
            }
        } else {
            leave();
        }
    }

    private void leave() {
        final boolean wake = posted;
        posted = false;
        lock.unlock();
        if (wake && background) {
            // the event's release store must not pass the load: a sleeper registers, then probes
            VarHandle.fullFence();
            if (sleeping.get() != 0) {
                wakeSleepers();
            }
        }
    }

    /** Notes, under the lock, that an event was posted or a counter changed. */
    public void posted() {
        posted = true;
    }

    /**
     * Notes, under the lock, that the transport has failed: whoever would wait is told.
     *
     * @param cause one sentence
     */
    public void fail(final String cause) {
        failure = cause;
        posted = true;
    }

    /**
     * Checks that waiting makes sense.
     *
     * @throws PortalsException FAIL if the transport has failed
     */
    public void checkAlive() {
        final String cause = failure;
        if (cause != null) {
            throw new PortalsException(ReturnCode.FAIL, cause);
        }
    }

    /**
     * Whether a caller waits for the lock, so that a turn should end soon.
     *
     * @return true if so
     */
    public boolean wanted() {
        return lock.wanted();
    }

    /**
     * The number of threads inside a waiting loop.
     *
     * @return threads that make progress themselves
     */
    public int waiting() {
        return waiting.get() - sleeping.get();
    }

    /**
     * Runs one turn if the lock is free.
     *
     * @return a measure of the work done, 0 for none
     */
    public int tryTurn() {
        if (!lock.tryLock()) {
            return 0;
        }
        try {
            callsSinceTurn = 0;
            return turn.run();
        } finally {
            leave();
        }
    }

    /** Begins a waiting loop. */
    public void beginWait() {
        waiting.getAndIncrement();
    }

    /**
     * Ends a waiting loop.
     *
     * @param idle what {@link #pause} answered last
     */
    public void endWait(final int idle) {
        if (idle == SLEEP_AFTER + 1) {
            deregister();
        }
        waiting.getAndDecrement();
        if (sleeping.get() != 0) {
            wakeSleepers(); // progress is handed over to the next one
        }
    }

    /**
     * The deadline of a timeout that begins now.
     *
     * @param timeoutNs nanoseconds; {@link Long#MAX_VALUE} is without limit
     * @return the deadline, {@link Long#MAX_VALUE} for none
     */
    public long deadline(final long timeoutNs) {
        return timeoutNs == Long.MAX_VALUE ? timeoutNs : clock.getAsLong() + Math.max(0, timeoutNs);
    }

    /**
     * One step of a waiting loop: a turn, or a little idling.
     *
     * @param idle 0 at first, then what the last call answered
     * @param deadline of {@link #deadline}
     * @return the idle count to pass next, or {@link #TIMED_OUT} or {@link #INTERRUPTED}
     */
    public int pause(final int idle, final long deadline) {
        final boolean registered = idle == SLEEP_AFTER + 1;
        if (Thread.currentThread().isInterrupted()) {
            return ended(registered, INTERRUPTED);
        }
        long remaining = SLEEP_NS;
        if (deadline != Long.MAX_VALUE) {
            remaining = deadline - clock.getAsLong();
            if (remaining <= 0) {
                if (idle == 0) {
                    tryTurn(); // even a timeout of 0 makes one turn, so that a polling program
                    // moves
                }
                return ended(registered, TIMED_OUT);
            }
        }
        if (registered) {
            LockSupport.parkNanos(this, Math.min(remaining, SLEEP_NS));
            deregister();
            return SLEEP_AFTER;
        }
        if (tryTurn() != 0) {
            return 0;
        }
        if (background && idle >= SLEEP_AFTER && register()) {
            return SLEEP_AFTER + 1;
        }
        waiter.idle(idle, Math.min(remaining, SLEEP_NS));
        return Math.min(idle + 1, SLEEP_AFTER);
    }

    /**
     * As {@link #pause}, for calls that do not end by interruption: the flag is set aside for the
     * step and kept.
     *
     * @param idle 0 at first, then what the last call answered
     * @param deadline of {@link #deadline}
     * @return the idle count to pass next, or {@link #TIMED_OUT}
     */
    public int pauseUninterrupted(final int idle, final long deadline) {
        final boolean interrupted = Thread.interrupted();
        try {
            final int next = pause(idle, deadline);
            return next == INTERRUPTED ? 0 : next;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private int ended(final boolean registered, final int answer) {
        if (registered) {
            deregister();
        }
        return answer;
    }

    private boolean register() {
        final Thread self = Thread.currentThread();
        for (int i = 0; i < MAX_SLEEPERS; i++) {
            if (sleepers.get(i) == null && sleepers.compareAndSet(i, null, self)) {
                sleeping.getAndIncrement();
                return true;
            }
        }
        return false;
    }

    private void deregister() {
        final Thread self = Thread.currentThread();
        for (int i = 0; i < MAX_SLEEPERS; i++) {
            if (sleepers.get(i) == self) {
                sleepers.set(i, null);
                sleeping.getAndDecrement();
                return;
            }
        }
    }

    private void wakeSleepers() {
        for (int i = 0; i < MAX_SLEEPERS; i++) {
            final Thread sleeper = sleepers.get(i);
            if (sleeper != null) {
                LockSupport.unpark(sleeper);
            }
        }
    }
}

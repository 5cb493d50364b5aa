package org.portals4j.engine;

import org.portals4j.engine.progress.Progress;
import org.portals4j.provider.Endpoint;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * The background thread of an instance: makes progress while the application computes.
 *
 * <p>After traffic it yields for 200 us, then parks for 50 us at most (on the transport's own wait
 * where it has one). While a waiting thread makes progress itself, this one only looks in now and
 * then.
 */
final class ProgressThread implements Runnable {
    private static final long YIELD_NS = 200_000;
    private static final long PARK_NS = 50_000;
    private static final long STAND_BACK_NS = 200_000;
    private static final long AWAIT_NS = 1_000_000;

    private final Progress progress;
    private final Endpoint endpoint;
    private final Errors errors;
    private final Thread thread;
    private volatile boolean stopped;

    ProgressThread(
            final Progress progress,
            final Endpoint endpoint,
            final ThreadFactory factory,
            final Errors errors) {
        this.progress = progress;
        this.endpoint = endpoint;
        this.errors = errors;
        thread = factory.newThread(this);
    }

    Thread thread() {
        return thread;
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        long idleSince = System.nanoTime();
        while (!stopped) {
            errors.deliver();
            if (turn() != 0) {
                idleSince = System.nanoTime();
            } else if (progress.waiting() > 0) {
                LockSupport.parkNanos(this, STAND_BACK_NS);
            } else if (System.nanoTime() - idleSince < YIELD_NS) {
                Thread.yield();
            } else if (endpoint.canAwait()) {
                endpoint.awaitWork(AWAIT_NS);
            } else {
                LockSupport.parkNanos(this, PARK_NS);
            }
        }
    }

    // a fault in one turn must not end progress for ever
    private int turn() {
        try {
            return progress.tryTurn();
        } catch (final RuntimeException | Error e) {
            errors.accept(e);
            LockSupport.parkNanos(this, AWAIT_NS);
            return 0;
        }
    }

    /** Stops the thread and waits for its end. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
        endpoint.wakeup();
        if (thread.equals(Thread.currentThread())) { // an error handler closes the instance
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

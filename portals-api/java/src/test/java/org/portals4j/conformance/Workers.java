package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Threads of a test: their failures fail the test, and none outlives it silently. */
final class Workers implements AutoCloseable {
    /** What a thread does. */
    @FunctionalInterface
    interface Task {
        void run() throws Exception;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    Thread start(final Task task) {
        return start(Thread.ofPlatform().daemon().name("conformance-", 0).unstarted(guard(task)));
    }

    Thread startVirtual(final Task task) {
        return start(Thread.ofVirtual().unstarted(guard(task)));
    }

    /** Waits for all threads and fails with what they threw. */
    void join(final int seconds) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        for (final Thread thread : threads) {
            final long left = deadline - System.nanoTime();
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            if (thread.isAlive()) {
                final StringBuilder text = new StringBuilder("thread does not end: " + thread);
                for (final StackTraceElement frame : thread.getStackTrace()) {
                    text.append("\n    at ").append(frame);
                }
                failures.add(new AssertionError(text.toString()));
            }
        }
        final Throwable first = failures.poll();
        if (first != null) {
            failures.forEach(first::addSuppressed);
            throw new AssertionError("a thread failed: " + first, first);
        }
    }

    /** Waits until a thread has most likely entered its wait; bounded, so it proves nothing. */
    static void awaitParked(final Thread thread) throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        Thread.State state = thread.getState();
        while (state != Thread.State.WAITING
                && state != Thread.State.TIMED_WAITING
                && System.nanoTime() < deadline) {
            assertTrue(thread.isAlive(), "the thread ended before it could wait");
            Thread.sleep(1);
            state = thread.getState();
        }
        Thread.sleep(5);
    }

    @Override
    public void close() {
        for (final Thread thread : threads) {
            if (thread.isAlive()) {
                thread.interrupt();
            }
        }
    }

    private Thread start(final Thread thread) {
        threads.add(thread);
        thread.start();
        return thread;
    }

    @SuppressWarnings("ThrowableCaught") // everything that a worker throws fails the test
    private Runnable guard(final Task task) {
        return () -> {
            try {
                task.run();
            } catch (final Throwable e) {
                failures.add(e);
            }
        };
    }
}

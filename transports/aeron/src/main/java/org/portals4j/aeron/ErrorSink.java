package org.portals4j.aeron;

import org.agrona.ErrorHandler;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Consumer;

/**
 * Takes errors on Aeron's threads and hands them on from {@code poll}, each once: an error that
 * repeats (a network that is down) is told the first time only.
 */
final class ErrorSink implements ErrorHandler {
    private static final int MAX_WAITING = 64;
    private static final int MAX_KINDS = 256;

    private final ArrayBlockingQueue<Throwable> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Set<String> told = new HashSet<>(); // guarded by itself
    private volatile boolean any;

    @Override
    public void onError(final Throwable error) {
        synchronized (told) {
            if (told.size() >= MAX_KINDS || !told.add(error.toString())) {
                return;
            }
        }
        if (waiting.offer(error)) {
            any = true;
        }
    }

    /** Whether {@link #drain} has something to hand on. */
    boolean any() {
        return any;
    }

    void drain(final Consumer<Throwable> consumer) {
        any = false;
        for (Throwable each = waiting.poll(); each != null; each = waiting.poll()) {
            consumer.accept(each);
        }
    }
}

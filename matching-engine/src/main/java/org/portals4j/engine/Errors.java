package org.portals4j.engine;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Errors on their way to the program's handler. They are noted wherever they occur, under the lock
 * too, and delivered where the lock is not held: so a handler may call the instance, and one that
 * throws harms nobody.
 */
final class Errors implements Consumer<Throwable> {
    private static final System.Logger LOGGER = System.getLogger("org.portals4j");
    private static final int MOST = 1_000;

    private final Queue<Throwable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Consumer<Throwable> handler;

    Errors(final Consumer<Throwable> handler) {
        this.handler = handler;
    }

    @Override
    public void accept(final Throwable error) {
        if (size.incrementAndGet() <= MOST) {
            queue.add(error);
        } else {
            size.decrementAndGet(); // a flood tells nothing new
        }
    }

    /** Hands over what was noted; to be called without the lock. */
    void deliver() {
        for (Throwable error = queue.poll(); error != null; error = queue.poll()) {
            size.decrementAndGet();
            try {
                handler.accept(error);
            } catch (final RuntimeException | Error e) {
                e.addSuppressed(error);
                LOGGER.log(System.Logger.Level.WARNING, "the error handler failed", e);
            }
        }
    }
}

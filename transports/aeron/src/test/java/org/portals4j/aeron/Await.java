package org.portals4j.aeron;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions, with a deadline. */
final class Await {
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);

    private Await() {}

    static void until(
            final BooleanSupplier condition, final Supplier<String> status, final Node... nodes) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            int work = 0;
            for (final Node node : nodes) {
                work += node.poll();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within 30 s: " + status.get());
            }
            if (work == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    static void until(final BooleanSupplier condition) {
        until(condition, () -> "");
    }
}

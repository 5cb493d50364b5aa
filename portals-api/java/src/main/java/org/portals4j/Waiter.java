package org.portals4j;

/**
 * What a thread does between two turns of progress that found nothing to do. Given to an instance
 * by {@link Portals.Context#waiter(Waiter)}: a program may fit it to its machine, and a simulation
 * moves its other processes and its clock here, so that the whole run is deterministic.
 */
@FunctionalInterface
public interface Waiter {
    /**
     * Spins 20 turns, then yields, then parks for at most 50 us. Unbounded spinning costs tens of
     * milliseconds where there are more runnable threads than cores, so it is not offered.
     */
    Waiter DEFAULT =
            (idleTurns, maxNanos) -> {
                if (idleTurns < 20) {
                    Thread.onSpinWait();
                } else if (idleTurns < 400) {
                    Thread.yield();
                } else {
                    java.util.concurrent.locks.LockSupport.parkNanos(Math.min(maxNanos, 50_000));
                }
            };

    /**
     * Waits a little, without holding any lock. May return early; must return after {@code
     * maxNanos}, and at once if the thread is interrupted.
     *
     * @param idleTurns the number of turns without work since the last one with work
     * @param maxNanos the longest time to wait, in nanoseconds of the instance's clock
     */
    void idle(int idleTurns, long maxNanos);
}

package org.portals4j.aeron;

import org.agrona.concurrent.IdleStrategy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Yields from the first idle turn on and sleeps after some hundred in vain. Aeron's backoff spins
 * ten turns first, which on a machine without a core to spare keeps the very thread from running
 * that waits for the driver: 75 instead of 27 microseconds per UDP round trip on two busy cores.
 */
final class YieldThenPark implements IdleStrategy {
    private static final int YIELDS = 500;
    private static final long MIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long MAX_PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    private int idle;
    private long parkNs = MIN_PARK_NS;

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (idle < YIELDS) {
            idle++;
            Thread.yield();
        } else {
            LockSupport.parkNanos(parkNs);
            parkNs = Math.min(parkNs << 1, MAX_PARK_NS);
        }
    }

    @Override
    public void reset() {
        idle = 0;
        parkNs = MIN_PARK_NS;
    }

    @Override
    public String alias() {
        return "adaptive";
    }
}

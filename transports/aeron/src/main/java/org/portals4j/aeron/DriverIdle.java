package org.portals4j.aeron;

import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/** How the thread of a media driver that we start waits for work ({@code aeron.driver.idle}). */
enum DriverIdle {
    /** Takes a core for itself. */
    SPIN,
    /** Always runnable, gives way to other threads. */
    YIELD,
    /** Aeron's default: sleeps soon, up to a millisecond. Right where frames go by IPC only. */
    BACKOFF,
    /** Yields some hundred turns after work, then sleeps 50 to 200 microseconds at a time. */
    ADAPTIVE;

    static DriverIdle defaultFor(final Way way) {
        return way.udp() ? ADAPTIVE : BACKOFF;
    }

    IdleStrategy strategy() {
        return switch (this) {
            case SPIN -> BusySpinIdleStrategy.INSTANCE;
            case YIELD -> YieldingIdleStrategy.INSTANCE;
            case BACKOFF -> new BackoffIdleStrategy();
            case ADAPTIVE -> new YieldThenPark();
        };
    }
}

package org.portals4j.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;

import org.agrona.ErrorHandler;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * How every media driver that this module starts is set up: one thread, quick to notice the dead,
 * and never a live directory taken over. What belongs to a stream stands in {@link Channels}.
 */
final class DriverProfile {
    private static final long TIMER_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long LIVENESS_NS = TimeUnit.SECONDS.toNanos(5);

    private DriverProfile() {}

    static MediaDriver.Context context(
            final String directory, final DriverIdle idle, final ErrorHandler errorHandler) {
        final ThreadFactory daemons = task -> Thread.ofPlatform().daemon().unstarted(task);
        return new MediaDriver.Context()
                .aeronDirectoryName(directory)
                .dirDeleteOnStart(false)
                .dirDeleteOnShutdown(true)
                .warnIfDirectoryExists(false)
                .printConfigurationOnStart(false)
                .threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(idle.strategy())
                .sharedThreadFactory(daemons)
                .asyncExecutorEnabled(false)
                .timerIntervalNs(TIMER_NS)
                .clientLivenessTimeoutNs(LIVENESS_NS)
                .imageLivenessTimeoutNs(LIVENESS_NS)
                .errorHandler(errorHandler);
    }
}

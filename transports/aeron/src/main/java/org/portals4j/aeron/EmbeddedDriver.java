package org.portals4j.aeron;

import io.aeron.AeronCounters;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;

import org.agrona.IoUtil;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;

import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A media driver inside this process, shared by all endpoints that ask for the same one, so that
 * they reach each other by IPC and cost one thread; the last to leave stops it. Opening and closing
 * hold one lock, which is rare and may block.
 */
final class EmbeddedDriver {
    /** What makes two endpoints share: the directory asked for (if any) and the idle strategy. */
    private record Key(@Nullable String directory, DriverIdle idle) {}

    private static final Map<Key, EmbeddedDriver> RUNNING = new HashMap<>(); // guarded by itself
    private static final long DRAIN_POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Key key;
    private final CopyOnWriteArrayList<ErrorSink> sinks = new CopyOnWriteArrayList<>();
    private final List<Long> draining = new ArrayList<>(); // guarded by RUNNING
    private final MediaDriver driver;
    private final Thread atExit;

    private EmbeddedDriver(final Key key) {
        this.key = key;
        final String directory =
                key.directory() == null ? CommonContext.generateRandomDirName() : key.directory();
        driver = PortalsMediaDriver.start(directory, key.idle(), this::onError);
        // A program that exits without closing leaves no files; what is mapped still works.
        atExit = new Thread(() -> IoUtil.delete(new File(directory), true));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static EmbeddedDriver acquire(final AeronSettings settings, final ErrorSink sink) {
        final Key key = new Key(settings.directory(), settings.idle());
        synchronized (RUNNING) {
            EmbeddedDriver driver = RUNNING.get(key);
            if (driver == null) {
                driver = new EmbeddedDriver(key);
                RUNNING.put(key, driver);
            }
            driver.sinks.add(sink);
            return driver;
        }
    }

    String directory() {
        return driver.aeronDirectoryName();
    }

    /**
     * Leaves the driver. The last one stops it, after waiting until UDP publications have sent what
     * they hold and receivers have told that they have it.
     *
     * @param sink what {@link #acquire} was given
     * @param publications registration ids of the leaver's connected UDP publications
     * @param deadlineNs when to stop waiting, by System.nanoTime
     */
    void release(final ErrorSink sink, final List<Long> publications, final long deadlineNs) {
        synchronized (RUNNING) {
            sinks.remove(sink);
            draining.addAll(publications);
            if (sinks.isEmpty()) {
                awaitDrained(deadlineNs);
                RUNNING.remove(key);
                driver.close();
                forgetExit();
            }
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (final IllegalStateException e) {
            return; // the JVM is on its way out
        }
    }

    private void awaitDrained(final long deadlineNs) {
        final CountersReader counters = driver.context().countersManager();
        while (stillSending(counters) && System.nanoTime() - deadlineNs < 0) {
            LockSupport.parkNanos(DRAIN_POLL_NS);
            if (Thread.currentThread().isInterrupted()) {
                return; // the flag stays for the caller
            }
        }
    }

    private boolean stillSending(final CountersReader counters) {
        draining.removeIf(
                id ->
                        counters.findByTypeIdAndRegistrationId(
                                        AeronCounters.DRIVER_SENDER_POSITION_TYPE_ID, id)
                                == CountersReader.NULL_COUNTER_ID);
        return !draining.isEmpty();
    }

    private void onError(final Throwable error) {
        for (final ErrorSink sink : sinks) {
            sink.onError(error);
        }
    }
}

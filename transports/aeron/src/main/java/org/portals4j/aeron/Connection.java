package org.portals4j.aeron;

import io.aeron.Aeron;
import io.aeron.CommonContext;
import io.aeron.exceptions.ConductorServiceTimeoutException;

import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.SleepingMillisIdleStrategy;
import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An endpoint's Aeron client and the media driver behind it: our own client of an embedded or
 * external driver, or one that the application has. Knows when it died and why; no callback of
 * Aeron does more than note that.
 */
final class Connection {
    private static final long CONDUCTOR_SLEEP_MS = 4;

    /** Buffers stay mapped for this long after the client died, for calls that are under way. */
    private static final long UNMAP_AFTER_NS = TimeUnit.SECONDS.toNanos(1);

    private final ErrorSink errors;
    private final @Nullable EmbeddedDriver driver;
    private final boolean ours;
    private final Aeron client;
    private final String directory;
    private final long closeHandlerId;
    private volatile @Nullable Throwable lastError;
    private volatile @Nullable String failure;
    private volatile boolean closing;

    private Connection(
            final ErrorSink errors,
            final @Nullable EmbeddedDriver driver,
            final String directory,
            final @Nullable Aeron given) {
        this.errors = errors;
        this.driver = driver;
        this.directory = directory;
        ours = given == null;
        client = given == null ? Aeron.connect(context(directory)) : given;
        closeHandlerId = client.addCloseHandler(this::onClientClosed);
    }

    static Connection open(final AeronSettings settings, final @Nullable Object resource) {
        final ErrorSink errors = new ErrorSink();
        if (resource != null) {
            return adopt(settings, resource, errors);
        }
        if (!settings.embedded()) {
            final String directory = settings.directory();
            return connect(
                    errors,
                    null,
                    directory == null ? CommonContext.getAeronDirectoryName() : directory);
        }
        final EmbeddedDriver driver = EmbeddedDriver.acquire(settings, errors);
        try {
            return connect(errors, driver, driver.directory());
        } catch (final RuntimeException e) {
            driver.release(errors, List.of(), System.nanoTime());
            throw e;
        }
    }

    private static Connection adopt(
            final AeronSettings settings, final Object resource, final ErrorSink errors) {
        if (!(resource instanceof Aeron given)) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "resource is a " + resource.getClass().getName() + ", not an io.aeron.Aeron");
        }
        if (settings.directory() != null) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, "aeron.dir and an Aeron client exclude each other");
        }
        if (given.isClosed()) {
            throw new PortalsException(ReturnCode.ARG_INVALID, "the Aeron client given is closed");
        }
        return new Connection(errors, null, given.context().aeronDirectoryName(), given);
    }

    private static Connection connect(
            final ErrorSink errors, final @Nullable EmbeddedDriver driver, final String directory) {
        try {
            return new Connection(errors, driver, directory, null);
        } catch (final RuntimeException e) {
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "no media driver answers in " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private Aeron.Context context(final String aeronDirectory) {
        return new Aeron.Context()
                .aeronDirectoryName(aeronDirectory)
                .clientName("portals4j")
                .idleStrategy(new SleepingMillisIdleStrategy(CONDUCTOR_SLEEP_MS))
                .threadFactory(task -> Thread.ofPlatform().daemon().unstarted(task))
                .closeLingerDurationNs(UNMAP_AFTER_NS)
                .errorHandler(this::onError)
                .subscriberErrorHandler(this::onError);
    }

    Aeron client() {
        return client;
    }

    String directory() {
        return directory;
    }

    String driverKind() {
        if (driver != null) {
            return "embedded, shared in this process";
        }
        return ours ? "external" : "the application's client";
    }

    ErrorSink errors() {
        return errors;
    }

    /** Why nothing works any more, one sentence; null while it does. */
    @Nullable String failure() {
        final String known = failure;
        return known == null && client.isClosed() ? note() : known;
    }

    private String note() {
        final String why = describeFailure();
        failure = why;
        return why;
    }

    private String describeFailure() {
        final Throwable error = lastError;
        if (!ours) {
            return "the application's Aeron client of directory " + directory + " was closed";
        }
        if (error instanceof ConductorServiceTimeoutException) {
            return "this process stood still for so long that Aeron closed its client of directory "
                    + directory
                    + " ("
                    + error.getMessage()
                    + ")";
        }
        return "media driver of directory "
                + directory
                + " has gone"
                + (error == null ? "" : " (" + error.getMessage() + ")");
    }

    private void onError(final Throwable error) {
        if (error instanceof AgentTerminationException) {
            return; // only the consequence of what was told before
        }
        lastError = error;
        if (!closing) {
            errors.onError(error);
        }
    }

    private void onClientClosed() {
        if (!closing) {
            note();
        }
    }

    /**
     * Closes what is ours: the client, then the driver if nobody else in this process uses it.
     *
     * @param publications registration ids of connected UDP publications, to be let drain
     * @param deadlineNs by System.nanoTime
     */
    void close(final List<Long> publications, final long deadlineNs) {
        closing = true;
        if (!ours) {
            if (!client.isClosed()) {
                client.removeCloseHandler(closeHandlerId);
            }
            return;
        }
        client.context().closeLingerDurationNs(0); // nobody is in a call any more
        client.close();
        if (driver != null) {
            driver.release(errors, publications, deadlineNs);
        }
    }
}

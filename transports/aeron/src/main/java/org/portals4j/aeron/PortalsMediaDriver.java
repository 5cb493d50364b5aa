package org.portals4j.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.exceptions.ActiveDriverException;

import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A media driver of its own, for processes that join it by the property {@code aeron.dir}: with the
 * settings that this provider gives to the drivers it embeds. It runs in one daemon thread and logs
 * its errors to the logger {@code org.portals4j.aeron}. Thread safe.
 */
public final class PortalsMediaDriver implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("org.portals4j.aeron");

    private final MediaDriver driver;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PortalsMediaDriver(final MediaDriver driver) {
        this.driver = driver;
    }

    /**
     * Starts a driver. A directory left by a driver that died is cleared first; one in use is left
     * alone.
     *
     * @param directory the driver's directory, best in memory ({@code /dev/shm/...}); about 50 MiB
     *     and three terms per stream
     * @param properties those of the module's README, {@code aeron.driver.idle} alone matters here
     * @return the driver, ready for clients; close it to stop it and remove the directory
     * @throws PortalsException ARG_INVALID (unknown property, bad value), IN_USE (a live driver has
     *     the directory), FAIL (the JVM flag is missing, or the directory cannot be made)
     */
    public static PortalsMediaDriver launch(
            final Path directory, final Map<String, String> properties) {
        AeronProvider.requireAgrona();
        AeronSettings.refuseUnknown(properties);
        final DriverIdle idle = AeronSettings.idle(Way.AERON, properties);
        return new PortalsMediaDriver(
                start(directory.toAbsolutePath().toString(), idle, PortalsMediaDriver::log));
    }

    static MediaDriver start(
            final String directory, final DriverIdle idle, final Consumer<Throwable> errors) {
        try {
            return MediaDriver.launch(DriverProfile.context(directory, idle, errors::accept));
        } catch (final ActiveDriverException e) {
            throw new PortalsException(
                    ReturnCode.IN_USE,
                    "a live media driver has the directory "
                            + directory
                            + ": join it with aeron.driver=external, or name another",
                    e);
        } catch (final RuntimeException e) {
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "cannot start a media driver in " + directory + ": " + e.getMessage(),
                    e);
        }
    }

    private static void log(final Throwable error) {
        LOGGER.log(System.Logger.Level.WARNING, "media driver: " + error.getMessage(), error);
    }

    /**
     * The directory that clients name to join.
     *
     * @return an absolute path
     */
    public Path directory() {
        return Path.of(driver.aeronDirectoryName());
    }

    /** Stops the driver and removes its directory; its clients fail. Idempotent. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            driver.close();
        }
    }

    @Override
    public String toString() {
        return "PortalsMediaDriver[" + driver.aeronDirectoryName() + "]";
    }
}

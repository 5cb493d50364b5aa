package org.portals4j.aeron;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.AgronaAccess;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Frames over Aeron: {@code aeron} (shared memory to the peers of the same media driver, UDP to
 * others), {@code ipc} (shared memory only) and {@code udp} (UDP only). Addressing rule, properties
 * and their defaults stand in the README of this module. Thread safe.
 *
 * <p>{@link EndpointConfig#resource()} may be an {@code io.aeron.Aeron} client that the application
 * has; it is used and not closed, and its conductor, error and close handlers stay the
 * application's.
 */
public final class AeronProvider implements Provider {
    private static final List<String> TRANSPORTS = List.of("aeron", "ipc", "udp");

    /** An empty media driver takes 46 MiB. */
    private static final long ROOM_FOR_DRIVER = 48L * 1024 * 1024;

    /** Creates the provider; {@link java.util.ServiceLoader} does. */
    public AeronProvider() {}

    @Override
    public List<String> transports() {
        return TRANSPORTS;
    }

    @Override
    public @Nullable String probe(final String transport) {
        if (!TRANSPORTS.contains(transport)) {
            return "the Aeron provider has no transport " + transport;
        }
        final String missing = AgronaAccess.missing();
        return missing == null ? probeDirectory() : missing;
    }

    @Override
    public Endpoint open(
            final EndpointConfig config, final LongSupplier clock, final RandomGenerator random) {
        if (!TRANSPORTS.contains(config.transport())) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "transport " + config.transport() + " is not one of " + TRANSPORTS);
        }
        requireAgrona();
        return EndpointOpener.open(config, clock, random);
    }

    /** Throws if the JVM lacks a flag; comes before anything that initialises Agrona. */
    static void requireAgrona() {
        final String missing = AgronaAccess.missing();
        if (missing != null) {
            throw new PortalsException(ReturnCode.FAIL, missing);
        }
    }

    /** Where an embedded driver would put its directory. */
    private static @Nullable String probeDirectory() {
        final Path shared = Path.of("/dev/shm");
        final Path parent =
                Files.isDirectory(shared) ? shared : Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isWritable(parent)) {
            return parent
                    + " is not writable: make it so, or name a media driver's directory with"
                    + " aeron.dir";
        }
        try {
            final long room = Files.getFileStore(parent).getUsableSpace();
            if (room < ROOM_FOR_DRIVER) {
                return "%s has %d MiB free, a media driver needs %d (container: --shm-size)"
                        .formatted(parent, room >> 20, ROOM_FOR_DRIVER >> 20);
            }
        } catch (final IOException e) {
            return "cannot tell the free space of " + parent + ": " + e.getMessage();
        }
        return null;
    }
}

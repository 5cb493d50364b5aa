package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Provider;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The transport {@code loopback}: endpoints of one JVM that find each other by (nid, pid) in a
 * process-wide fabric, or in the {@link LoopbackFabric} that is given as transport resource.
 */
public final class LoopbackProvider implements Provider {
    /** The name of this transport. */
    public static final String TRANSPORT = "loopback";

    private static final LoopbackFabric PROCESS_WIDE = LoopbackFabric.create();

    /** Creates the provider; for {@link java.util.ServiceLoader}. */
    public LoopbackProvider() {}

    @Override
    public List<String> transports() {
        return List.of(TRANSPORT);
    }

    @Override
    public @Nullable String probe(final String transport) {
        return null;
    }

    @Override
    public Endpoint open(
            final EndpointConfig config, final LongSupplier clock, final RandomGenerator random) {
        final Settings settings = Settings.parse(config.properties());
        final Object resource = config.resource();
        if (resource == null) {
            return PROCESS_WIDE.open(config, settings);
        }
        if (resource instanceof final LoopbackFabric fabric) {
            return fabric.open(config, settings);
        }
        throw new PortalsException(
                ReturnCode.ARG_INVALID,
                "transportResource="
                        + resource.getClass().getName()
                        + ", expected "
                        + LoopbackFabric.class.getName());
    }
}

package org.portals4j.provider;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A transport: found by {@link java.util.ServiceLoader}, opens endpoints. Thread safe. */
public interface Provider {
    /**
     * The transport names that this provider answers to, as in {@code Portals.Context.transport}.
     *
     * @return at least one name
     */
    List<String> transports();

    /**
     * Tells whether a transport could be opened on this machine in this process. May look at the
     * machine but leaves nothing behind.
     *
     * @param transport one of {@link #transports()}
     * @return null if available, otherwise one sentence: what is missing and how to get it
     */
    @Nullable String probe(String transport);

    /**
     * Opens an endpoint. May block for as long as the transport needs to start.
     *
     * @param config what to open
     * @param clock monotonic nanoseconds
     * @param random a source of randomness
     * @return the endpoint, reachable by others when this returns
     * @throws org.portals4j.PortalsException PID_IN_USE, ARG_INVALID (unknown property, bad value),
     *     FAIL
     */
    Endpoint open(EndpointConfig config, LongSupplier clock, RandomGenerator random);
}

package org.portals4j.provider;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What to open an endpoint with.
 *
 * @param transport the name that the program asked for, one of {@link Provider#transports()}
 * @param nid the node id, or 0: choose
 * @param pid the process id, 1 to 65534, or 0xffff: choose a free one
 * @param incarnation a random number that tells this life of the process from others
 * @param properties the transport's own settings; refuse unknown names
 * @param resource an object that the program already has, or null
 * @param errorHandler receives errors that have no caller
 */
public record EndpointConfig(
        String transport,
        int nid,
        int pid,
        long incarnation,
        Map<String, String> properties,
        @Nullable Object resource,
        Consumer<Throwable> errorHandler) {}

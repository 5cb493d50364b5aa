package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;

import java.util.concurrent.atomic.AtomicLong;

/** Endpoints that run concurrently, joined by shared rings. */
final class ConcurrentFabric extends LoopbackFabric {
    private final Names<LoopbackEndpoint> names = new Names<>();
    private final AtomicLong channels = new AtomicLong();

    @Override
    Endpoint open(final EndpointConfig config, final Settings settings) {
        return names.open(
                config.nid(),
                config.pid(),
                (nid, pid) -> new LoopbackEndpoint(this, nid, pid, settings));
    }

    long generation() {
        return names.generation();
    }

    @Nullable LoopbackEndpoint find(final int nid, final int pid) {
        return names.find(nid, pid);
    }

    void close(final LoopbackEndpoint endpoint) {
        names.close(endpoint);
    }

    long nextChannel() {
        return channels.incrementAndGet();
    }
}

package org.portals4j.loopback;

import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;

/**
 * A private network of loopback endpoints: give it to {@code Portals.Context.transportResource} of
 * each instance that shall be on it. Two fabrics do not see each other.
 */
public abstract sealed class LoopbackFabric permits ConcurrentFabric, SimulatedFabric {
    LoopbackFabric() {}

    /**
     * A fabric for any number of threads: what an application without a fabric uses, but isolated.
     *
     * @return a fabric without endpoints
     */
    public static LoopbackFabric create() {
        return new ConcurrentFabric();
    }

    /**
     * A deterministic fabric for one thread, with simulated time, delays and faults.
     *
     * @param seed the same seed, profile and calls give the same run
     * @param profile how the network behaves
     * @return a fabric without endpoints, at time 0
     */
    public static SimulatedFabric simulated(final long seed, final SimulationProfile profile) {
        return new SimulatedFabric(seed, profile);
    }

    abstract Endpoint open(EndpointConfig config, Settings settings);
}

package org.portals4j.loopback;

import org.portals4j.Portals;
import org.portals4j.conformance.TransportConformance;

final class LoopbackConformanceTest extends TransportConformance {
    @Override
    protected Portals.Context context() {
        return new Portals.Context().transport("loopback");
    }
}

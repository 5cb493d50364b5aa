package org.portals4j.conformance;

import org.junit.jupiter.api.Nested;
import org.portals4j.conformance.ConformanceFixture.Topology;

/** The subjects about atomic operations, in their topologies. */
abstract class AtomicSubjects {
    AtomicSubjects() {}

    /** The transport under test. */
    abstract TransportConformance kit();

    @Nested
    final class AtomicPair extends AtomicConformance {
        AtomicPair() {
            super(kit(), Topology.PAIR);
        }
    }

    @Nested
    final class AtomicTiny extends AtomicConformance {
        AtomicTiny() {
            super(kit(), Topology.TINY);
        }
    }

    @Nested
    final class AtomicSelf extends AtomicConformance {
        AtomicSelf() {
            super(kit(), Topology.SELF);
        }
    }

    @Nested
    final class AtomicInvoker extends AtomicConformance {
        AtomicInvoker() {
            super(kit(), Topology.INVOKER);
        }
    }

    @Nested
    final class AtomicDataPair extends AtomicDataConformance {
        AtomicDataPair() {
            super(kit(), Topology.PAIR);
        }
    }

    @Nested
    final class AtomicDataTiny extends AtomicDataConformance {
        AtomicDataTiny() {
            super(kit(), Topology.TINY);
        }
    }

    @Nested
    final class AtomicDataSelf extends AtomicDataConformance {
        AtomicDataSelf() {
            super(kit(), Topology.SELF);
        }
    }

    @Nested
    final class AtomicAllocationInvoker extends AtomicAllocationConformance {
        AtomicAllocationInvoker() {
            super(kit(), Topology.INVOKER);
        }
    }
}

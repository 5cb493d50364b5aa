package org.portals4j.conformance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.portals4j.Portals;
import org.portals4j.conformance.ConformanceFixture.Topology;

/**
 * The conformance kit: what every transport must pass. A transport's test is one class:
 *
 * <pre>{@code
 * final class LoopbackConformanceTest extends TransportConformance {
 *     @Override
 *     protected Portals.Context context() {
 *         return new Portals.Context().transport("loopback");
 *     }
 * }
 * }</pre>
 *
 * <p>Each nested class is one subject in one topology: two instances, two instances with tiny
 * limits, one instance that talks to itself, and one that does so without a progress thread.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class TransportConformance extends AtomicSubjects {
    /** For subclasses. */
    protected TransportConformance() {}

    /**
     * A fresh context of the transport, with any pid; instances opened with two of them must reach
     * each other.
     *
     * @return a context that is not concluded
     */
    protected abstract Portals.Context context();

    /**
     * A fresh context with an eager limit, a window, slots and credit so small that every limit is
     * met by the simplest test.
     *
     * @return a context that is not concluded
     */
    protected Portals.Context tinyContext() {
        return context().eagerLimit(64).windowBytes(1000).operationSlots(8).peerCredit(2);
    }

    /**
     * Starts what the transport needs, a media driver for example.
     *
     * @throws Exception if it cannot
     */
    protected void beforeAll() throws Exception {}

    /**
     * Stops what {@link #beforeAll} started.
     *
     * @throws Exception if it cannot
     */
    protected void afterAll() throws Exception {}

    @Override
    final TransportConformance kit() {
        return this;
    }

    @BeforeAll
    final void startTransport() throws Exception {
        beforeAll();
    }

    @AfterAll
    final void stopTransport() throws Exception {
        afterAll();
    }

    @Nested
    final class DataPair extends DataConformance {
        DataPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class DataTiny extends DataConformance {
        DataTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class DataSelf extends DataConformance {
        DataSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class DataInvoker extends DataConformance {
        DataInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class IovecPair extends IovecConformance {
        IovecPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class IovecTiny extends IovecConformance {
        IovecTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class IovecSelf extends IovecConformance {
        IovecSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class IovecInvoker extends IovecConformance {
        IovecInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class HugePair extends HugeConformance {
        HugePair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class AckPair extends AckConformance {
        AckPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class AckTiny extends AckConformance {
        AckTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class AckSelf extends AckConformance {
        AckSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class AckInvoker extends AckConformance {
        AckInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class CounterPair extends CounterConformance {
        CounterPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class CounterTiny extends CounterConformance {
        CounterTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class CounterSelf extends CounterConformance {
        CounterSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class CounterInvoker extends CounterConformance {
        CounterInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class MatchingPair extends MatchingConformance {
        MatchingPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class MatchingTiny extends MatchingConformance {
        MatchingTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class MatchingSelf extends MatchingConformance {
        MatchingSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class MatchingInvoker extends MatchingConformance {
        MatchingInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class PortalPair extends PortalConformance {
        PortalPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class PortalSelf extends PortalConformance {
        PortalSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class OverflowPair extends OverflowConformance {
        OverflowPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class OverflowTiny extends OverflowConformance {
        OverflowTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class OverflowSelf extends OverflowConformance {
        OverflowSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class OverflowInvoker extends OverflowConformance {
        OverflowInvoker() {
            super(TransportConformance.this, Topology.INVOKER);
        }
    }

    @Nested
    final class OverflowRacePair extends OverflowRaceConformance {
        OverflowRacePair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class OverflowRaceTiny extends OverflowRaceConformance {
        OverflowRaceTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class OverflowRaceSelf extends OverflowRaceConformance {
        OverflowRaceSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class QueuePair extends QueueConformance {
        QueuePair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class QueueSelf extends QueueConformance {
        QueueSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class WaitPair extends WaitConformance {
        WaitPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class WaitSelf extends WaitConformance {
        WaitSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class LimitPair extends LimitConformance {
        LimitPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class LifetimePair extends LifetimeConformance {
        LifetimePair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class OrderPair extends OrderConformance {
        OrderPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class OrderTiny extends OrderConformance {
        OrderTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class OrderSelf extends OrderConformance {
        OrderSelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class FailurePair extends FailureConformance {
        FailurePair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class FailureTiny extends FailureConformance {
        FailureTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class ConcurrencyPair extends ConcurrencyConformance {
        ConcurrencyPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }

    @Nested
    final class ConcurrencyTiny extends ConcurrencyConformance {
        ConcurrencyTiny() {
            super(TransportConformance.this, Topology.TINY);
        }
    }

    @Nested
    final class ConcurrencySelf extends ConcurrencyConformance {
        ConcurrencySelf() {
            super(TransportConformance.this, Topology.SELF);
        }
    }

    @Nested
    final class AllocationPair extends AllocationConformance {
        AllocationPair() {
            super(TransportConformance.this, Topology.PAIR);
        }
    }
}

package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MemoryDescriptor;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

/** Atomic operations allocate nothing; one thread does everything, so it sees all. */
abstract class AtomicAllocationConformance extends AtomicTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 30_000;
    private static final int MEASURED = 10_000;
    private static final Datatype[] TYPES = Datatype.values();

    private final Event event = new Event();
    private MemoryDescriptor into;
    private MemoryDescriptor from;
    private MemorySegment operand;

    AtomicAllocationConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    @Test
    void atomicFetchAndSwap() {
        portal.append(
                open(arena.allocate(64), EntryOption.EVENT_LINK_DISABLE), ListKind.PRIORITY, 1);
        into = bind(arena.allocate(32));
        from = bind(arena.allocate(32));
        operand = arena.allocate(32);
        run(WARM_UP);
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        run(MEASURED);
        final long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < MEASURED, () -> bytes + " bytes in " + 3 * MEASURED + " operations");
    }

    private void run(final int rounds) {
        final ProcessId peer = target.id();
        for (int i = 0; i < rounds; i++) {
            final Datatype type = TYPES[i % TYPES.length];
            final boolean sum = i % 2 == 0;
            final int index = portal.index();
            final AtomicOperation operation = sum ? AtomicOperation.SUM : AtomicOperation.PROD;
            final AtomicOperation swap = sum ? AtomicOperation.CSWAP : AtomicOperation.CSWAP_NE;
            final int size = type.size();
            initiator.atomic(
                    from, 0, size, AckRequest.ACK, peer, index, 0, 0, 1, 1, operation, type);
            initiator.fetchAtomic(into, 0, from, 0, size, peer, index, 0, 0, 1, 1, operation, type);
            initiator.swap(into, 0, from, 0, size, peer, index, 0, 0, 1, 1, operand, swap, type);
            take(initiatorQueue, 6);
            take(targetQueue, 3);
        }
    }

    private void take(final EventQueue queue, final int events) {
        final long start = System.nanoTime();
        for (int i = 0; i < events; ) {
            if (queue.get(event) == ReturnCode.OK) {
                i++;
            } else {
                targetPortals.progress();
                if (System.nanoTime() - start > DEADLINE_NS) {
                    fail("no event");
                }
            }
        }
    }
}

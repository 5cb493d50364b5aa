package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ProgressMode;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The steady state allocates nothing, on no thread of either side. */
abstract class AllocationConformance extends ConformanceTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 25_000;
    private static final int AHEAD = 2048;
    private static final int WINDOW = 32;

    AllocationConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** Two instances whose progress threads are known, so that they can be measured too. */
    private final class Stage implements AutoCloseable {
        private final List<Thread> progress = new CopyOnWriteArrayList<>();
        private final ProgressMode mode;
        private final Portals from;
        private final Portals to;
        private final NetworkInterface fromNi;
        private final NetworkInterface toNi;
        private final EventQueue toQueue;
        private final PortalTableEntry into;
        private final ProcessId peer;

        /** How many events a consumer has taken; it must not fall behind by a whole queue. */
        private final AtomicLong consumed = new AtomicLong(Long.MAX_VALUE);

        Stage(final ProgressMode mode) {
            this.mode = mode;
            to = Portals.open(settings());
            from = Portals.open(settings());
            toNi = to.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            fromNi = from.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            toQueue = toNi.allocateEventQueue(4096);
            into = toNi.allocatePortal(OptionSet.none(), toQueue, NetworkInterface.PT_ANY);
            peer = toNi.id();
        }

        private Portals.Context settings() {
            return newContext()
                    .progressMode(mode)
                    .threadFactory(
                            task -> {
                                final Thread thread = new Thread(task, "measured-progress");
                                thread.setDaemon(true);
                                progress.add(thread);
                                return thread;
                            });
        }

        long progressAllocated() {
            long sum = 0;
            for (final Thread thread : progress) {
                sum += THREADS.getThreadAllocatedBytes(thread.threadId());
            }
            return sum;
        }

        @Override
        public void close() {
            if (mode == ProgressMode.INVOKER) {
                final Thread other = new Thread(to::close, "closing");
                other.start();
                from.close();
                try {
                    other.join();
                } catch (final InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            } else {
                from.close();
                to.close();
            }
        }
    }

    /** One initiating thread: puts in a window, taking its own events. */
    private static final class Putter {
        private final Stage stage;
        private final AckRequest ack;
        private final EventQueue queue;
        private final CountingEvent counter;
        private final MemoryDescriptor md;
        private final Event event = new Event();
        private final Event targetEvent = new Event();
        private final CountingEvent.Value value = new CountingEvent.Value();
        private final boolean consume;
        private long done;

        Putter(final Stage stage, final Arena arena, final AckRequest ack, final boolean consume) {
            this.stage = stage;
            this.ack = ack;
            this.consume = consume;
            queue = stage.fromNi.allocateEventQueue(4096);
            counter = stage.fromNi.allocateCountingEvent();
            md =
                    stage.fromNi.bind(
                            MemoryDescriptor.of(arena.allocate(64))
                                    .options(MdOption.EVENT_CT_ACK)
                                    .eventQueue(queue)
                                    .counter(counter));
        }

        void run(final int operations) {
            for (int first = 0; first < operations; first += WINDOW) {
                for (int i = 0; i < WINDOW; i++) {
                    stage.fromNi.put(md, i, 8, ack, stage.peer, stage.into.index(), 5, 0, i, i);
                }
                final int events = ack == AckRequest.ACK ? 2 * WINDOW : WINDOW;
                for (int i = 0; i < events; i++) {
                    take(queue, event);
                }
                done += WINDOW;
                final long start = System.nanoTime();
                while (done - AHEAD > stage.consumed.get()) {
                    Thread.yield();
                    check(start);
                }
                if (ack != AckRequest.NO_ACK) {
                    awaitCounter();
                }
                if (consume) {
                    for (int i = 0; i < WINDOW; i++) {
                        take(stage.toQueue, targetEvent);
                    }
                }
            }
        }

        private void awaitCounter() {
            if (stage.mode == ProgressMode.THREAD) {
                if (counter.await(done, DEADLINE_NS, value) != ReturnCode.OK) {
                    fail("counter " + value);
                }
                return;
            }
            final long start = System.nanoTime();
            while (counter.success() < done) {
                stage.from.progress();
                stage.to.progress();
                check(start);
            }
        }

        private void take(final EventQueue from, final Event into) {
            final long start = System.nanoTime();
            while (from.get(into) != ReturnCode.OK) {
                if (stage.mode == ProgressMode.INVOKER) {
                    stage.from.progress();
                    stage.to.progress();
                } else {
                    Thread.yield();
                }
                check(start);
            }
        }

        private static void check(final long start) {
            if (System.nanoTime() - start > DEADLINE_NS) {
                fail("no event");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(AckRequest.class)
    void putsWithProgressThreads(final AckRequest ack) throws Exception {
        try (Stage stage = new Stage(ProgressMode.THREAD)) {
            accept(stage, 1);
            stage.consumed.set(0);
            final CountDownLatch warm = new CountDownLatch(1);
            final long[] consumer = new long[1];
            final long mine;
            final long progress;
            try (Workers workers = new Workers()) {
                workers.start(
                        () -> {
                            final Event event = new Event();
                            consume(stage, event, WARM_UP);
                            final long before = THREADS.getCurrentThreadAllocatedBytes();
                            warm.countDown();
                            consume(stage, event, MEASURED);
                            consumer[0] = THREADS.getCurrentThreadAllocatedBytes() - before;
                        });
                final Putter putter = new Putter(stage, arena, ack, false);
                putter.run(WARM_UP);
                assertTrue(warm.await(30, TimeUnit.SECONDS), "the consumer is stuck");
                final long progressBefore = stage.progressAllocated();
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                putter.run(MEASURED);
                mine = THREADS.getCurrentThreadAllocatedBytes() - before;
                workers.join(30);
                progress = stage.progressAllocated() - progressBefore;
            }
            assertNothing("initiator", mine, MEASURED);
            assertNothing("consumer of the target", consumer[0], MEASURED);
            assertNothing("progress threads", progress, MEASURED);
        }
    }

    @Test
    void putsByInvoker() {
        try (Stage stage = new Stage(ProgressMode.INVOKER)) {
            accept(stage, 1);
            for (final AckRequest ack : AckRequest.values()) {
                final Putter putter = new Putter(stage, arena, ack, true);
                putter.run(WARM_UP);
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                putter.run(MEASURED);
                final long mine = THREADS.getCurrentThreadAllocatedBytes() - before;
                assertNothing(ack + ", one thread for all", mine, MEASURED);
            }
        }
    }

    /** Two threads of one interface contend for its lock. */
    @Test
    void contendedPuts() throws Exception {
        try (Stage stage = new Stage(ProgressMode.THREAD)) {
            accept(stage, 0);
            final CyclicBarrier together = new CyclicBarrier(2);
            final long[] allocated = new long[2];
            try (Workers workers = new Workers()) {
                for (int t = 0; t < 2; t++) {
                    final int index = t;
                    final Putter putter = new Putter(stage, arena, AckRequest.ACK, false);
                    workers.start(
                            () -> {
                                putter.run(WARM_UP);
                                together.await();
                                final long before = THREADS.getCurrentThreadAllocatedBytes();
                                putter.run(MEASURED);
                                allocated[index] =
                                        THREADS.getCurrentThreadAllocatedBytes() - before;
                            });
                }
                workers.join(45);
            }
            assertNothing("first of two threads", allocated[0], MEASURED);
            assertNothing("second of two threads", allocated[1], MEASURED);
        }
    }

    /** Entries that are used once and appended again, counters, and queues that are empty. */
    @Test
    void appendUnlinkAndCounters() {
        final MatchEntry entry =
                entry(arena.allocate(8), EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE);
        final CountingEvent ct = target.allocateCountingEvent();
        final CountingEvent.Value value = new CountingEvent.Value();
        final Event event = new Event();
        local(entry, ct, value, event, 4 * WARM_UP);
        final long before = THREADS.getCurrentThreadAllocatedBytes();
        local(entry, ct, value, event, MEASURED);
        final long mine = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertNothing("append, unlink, counters, get", mine, MEASURED);
    }

    private void local(
            final MatchEntry entry,
            final CountingEvent ct,
            final CountingEvent.Value value,
            final Event event,
            final int operations) {
        for (int i = 0; i < operations; i++) {
            final long handle = portal.append(entry.matchBits(i & 7), ListKind.PRIORITY, i);
            if (portal.unlink(handle) != ReturnCode.OK) {
                fail("unlink");
            }
            ct.set(i, 0);
            ct.increment(1, 0);
            if (ct.await(i + 1L, 0, value) != ReturnCode.OK || ct.success() != i + 1L) {
                fail("counter");
            }
            if (targetQueue.get(event) != ReturnCode.EQ_EMPTY) {
                fail("event");
            }
        }
    }

    /** An entry for everything; without events if a test has nobody to read them. */
    private void accept(final Stage stage, final int readers) {
        final OptionSet<EntryOption> options =
                OptionSet.of(EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE);
        stage.into.append(
                new MatchEntry(arena.allocate(8))
                        .options(
                                readers == 0
                                        ? options.with(EntryOption.EVENT_COMM_DISABLE)
                                        : options)
                        .ignoreBits(-1),
                ListKind.PRIORITY,
                1);
    }

    private static void consume(final Stage stage, final Event event, final int operations) {
        final int whole = (operations + WINDOW - 1) / WINDOW * WINDOW;
        for (int i = 0; i < whole; i++) {
            if (stage.toQueue.await(event, DEADLINE_NS) != ReturnCode.OK) {
                fail("no event");
            }
            if (i % WINDOW == WINDOW - 1) {
                stage.consumed.addAndGet(WINDOW);
            }
        }
    }

    private static void assertNothing(final String what, final long bytes, final int operations) {
        assertTrue(
                bytes < operations,
                () -> what + ": " + bytes + " bytes in " + operations + " operations");
        assertEquals(0, bytes / operations);
    }
}

package org.portals4j.loopback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

class LoopbackConcurrencyTest {
    private static final Map<String, String> SMALL =
            Map.of("loopback.ring.length", "8192", "loopback.frame.length", "1024");

    /** Not the common pool: it may have a single thread. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private final LoopbackFabric fabric = LoopbackFabric.create();
    private final Claim claim = new Claim();

    /** Checks that each sender's frames are whole and in order; allocates nothing. */
    private static final class Checker implements Handler {
        private final long[] next;
        long frames;
        int wakeups;

        Checker(final int senders) {
            next = new long[senders];
        }

        @Override
        public void onFrame(
                final Peer peer,
                final long channel,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            Bench.check(buffer, offset, length);
            final long number = buffer.getLong(offset);
            final int sender = (int) (number >>> 40);
            if ((number & 0xff_ffff_ffffL) != next[sender]++) {
                throw new AssertionError("got " + number + " from " + sender);
            }
            frames++;
        }

        @Override
        public void onDone(final long context, final int status) {}

        @Override
        public void onReleased(final Region region) {}

        @Override
        public void onPeerUp(final Peer peer) {}

        @Override
        public void onPeerDown(final Peer peer, final String cause) {}

        @Override
        public void onWritable(final Peer peer) {
            wakeups++;
        }
    }

    private static long number(final int sender, final long n) {
        return ((long) sender << 40) | n;
    }

    @Test
    void shouldCarryFramesBetweenRunningThreads() {
        final int count = 400_000;
        final Endpoint a = Bench.open(fabric, 1, SMALL);
        final Endpoint b = Bench.open(fabric, 2, SMALL);
        final CompletableFuture<Void> there =
                CompletableFuture.runAsync(() -> exchange(a, b, 0, count), THREADS);
        final CompletableFuture<Void> back =
                CompletableFuture.runAsync(() -> exchange(b, a, 1, count), THREADS);
        CompletableFuture.allOf(there, back).join();
    }

    /** Sends so many frames and receives as many, awaiting where there is nothing to do. */
    private static void exchange(
            final Endpoint mine, final Endpoint other, final int sender, final int count) {
        final Claim room = new Claim();
        final Checker checker = new Checker(2);
        final Peer peer = Bench.peer(mine, other);
        final SplittableRandom random = new SplittableRandom(sender);
        long sent = 0;
        final long deadline = System.nanoTime() + 60_000_000_000L;
        while (sent < count || checker.frames < count) {
            int work = mine.poll(checker, 16, 65536);
            for (int i = random.nextInt(32); i > 0 && sent < count; i--) {
                final int length = 8 + random.nextInt(200);
                if (Bench.send(mine, peer, room, number(sender, sent), length) == ClaimStatus.OK) {
                    sent++;
                    work++;
                }
            }
            if (work == 0) {
                mine.awaitWork(1_000_000);
                assertTrue(System.nanoTime() - deadline < 0, () -> "got " + checker.frames);
            }
        }
    }

    @Test
    void shouldNeverLoseAWakeup() {
        final int rounds = 50_000;
        final Endpoint a = Bench.open(fabric, 1, SMALL);
        final Endpoint b = Bench.open(fabric, 2, SMALL);
        final CompletableFuture<Void> echo =
                CompletableFuture.runAsync(() -> pingPong(b, a, 1, rounds), THREADS);
        Bench.send(a, Bench.peer(a, b), claim, number(0, 0), 8);
        pingPong(a, b, 0, rounds);
        echo.join();
    }

    /** Answers each frame. A lost wake-up would show as one of these waits taking seconds. */
    private static void pingPong(
            final Endpoint mine, final Endpoint other, final int sender, final int rounds) {
        final Claim room = new Claim();
        final Checker checker = new Checker(2);
        for (long i = 0; i < rounds; i++) {
            while (checker.frames <= i) {
                if (mine.poll(checker, 16, 65536) == 0) {
                    final long start = System.nanoTime();
                    mine.awaitWork(30_000_000_000L);
                    assertTrue(System.nanoTime() - start < 20_000_000_000L, "lost wake-up");
                }
            }
            final long n = sender == 0 ? i + 1 : i;
            Bench.send(mine, Bench.peer(mine, other), room, number(sender, n), 8);
        }
    }

    @Test
    void shouldWakeUpWhoAwaits() throws Exception {
        final Endpoint a = Bench.open(fabric, 1);
        assertTrue(a.canAwait());
        final AtomicInteger returned = new AtomicInteger();
        final Thread waiter =
                new Thread(
                        () -> {
                            a.awaitWork(Long.MAX_VALUE);
                            returned.incrementAndGet();
                        });
        waiter.start();
        Bench.await(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        a.wakeup();
        waiter.join(20_000);
        assertEquals(1, returned.get());
        a.wakeup();
        a.awaitWork(Long.MAX_VALUE);
        a.awaitWork(1);
    }

    @Test
    void shouldServeManySendersFairly() {
        final int senders = 200;
        final Endpoint hub = Bench.open(fabric, 65534, SMALL);
        final Endpoint[] all = new Endpoint[senders];
        final long[] sent = new long[senders];
        for (int i = 0; i < senders; i++) {
            all[i] = Bench.open(fabric, 1 + i, SMALL);
        }
        final Checker checker = new Checker(senders);
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < senders; i++) {
                final Peer peer = Bench.peer(all[i], hub);
                while (Bench.send(all[i], peer, claim, number(i, sent[i]), 64) == ClaimStatus.OK) {
                    sent[i]++;
                }
            }
            for (int polls = 0; polls < 100; polls++) {
                hub.poll(checker, 16, 65536);
            }
            long least = Long.MAX_VALUE;
            long most = 0;
            for (final long next : checker.next) {
                least = Math.min(least, next);
                most = Math.max(most, next);
            }
            assertTrue(most - least <= 16, least + " to " + most);
        }
        assertTrue(checker.frames > 10_000);
    }

    @Test
    void shouldNotVisitIdleSenders() {
        final Endpoint hub = Bench.open(fabric, 65534, SMALL);
        for (int i = 0; i < 100; i++) {
            final Endpoint sender = Bench.open(fabric, 1 + i, SMALL);
            Bench.send(sender, Bench.peer(sender, hub), claim, number(i, 0), 8);
        }
        final Checker checker = new Checker(200);
        for (int i = 0; i < 200; i++) {
            hub.poll(checker, 16, 65536);
        }
        assertEquals(100, checker.frames);
        assertEquals(0, ((LoopbackEndpoint) hub).activeRings());
    }

    @Test
    void shouldAllocateNothing() {
        final Endpoint a = Bench.open(fabric, 1, SMALL);
        final Endpoint b = Bench.open(fabric, 2, SMALL);
        final Peer there = Bench.peer(a, b);
        final Peer absent = a.peer(Bench.NID, 3);
        final Checker checker = new Checker(1);
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        long sent = 0;
        for (int attempt = 0; attempt < 10 && allocated != 0; attempt++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                while (Bench.send(a, there, claim, sent, 64) == ClaimStatus.OK) {
                    sent++;
                }
                Bench.send(a, absent, claim, 0, 8);
                while (b.poll(checker, 16, 65536) > 0) {}
                a.poll(checker, 16, 65536);
                a.wakeup();
                a.awaitWork(1);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated);
        assertEquals(sent, checker.frames);
        assertTrue(checker.wakeups > 0);
    }

    @Test
    void shouldSurviveEndpointsThatComeAndGo() {
        final Endpoint hub = Bench.open(fabric, 65534, SMALL);
        final AtomicBoolean done = new AtomicBoolean();
        final CompletableFuture<Long> polled =
                CompletableFuture.supplyAsync(
                        () -> {
                            final Bench.Recorder got = new Bench.Recorder();
                            while (!done.get()) {
                                hub.poll(got, 16, 65536);
                            }
                            Bench.pollAll(hub, got);
                            return (long) got.frames.size();
                        },
                        THREADS);
        long sent = 0;
        for (int life = 0; life < 2000; life++) {
            final Endpoint sender = Bench.open(fabric, 1 + life % 3, SMALL);
            for (int i = 0; i < 5; i++) {
                if (Bench.send(sender, Bench.peer(sender, hub), claim, i, 64) == ClaimStatus.OK) {
                    sent++;
                }
            }
            sender.close(0);
        }
        done.set(true);
        assertEquals(sent, polled.join());
    }
}

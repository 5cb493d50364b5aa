package org.portals4j.loopback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.PortalsException;
import org.portals4j.loopback.Bench.Recorder;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Peer;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class SimulatedFabricTest {
    private static final long SECOND = 1_000_000_000L;

    private final Claim claim = new Claim();
    private final Recorder got = new Recorder();

    private static SimulatedFabric fabric(final SimulationProfile.Builder profile) {
        return LoopbackFabric.simulated(42, profile.build());
    }

    /** Claims until the way is set up. */
    private static Peer connect(
            final SimulatedFabric fabric, final Endpoint from, final Endpoint to) {
        final Claim probe = new Claim();
        final Peer peer = Bench.peer(from, to);
        while (from.tryClaim(peer, 8, probe) != ClaimStatus.OK) {
            fabric.advance(1000);
        }
        from.abort(probe);
        return peer;
    }

    private void send(final Endpoint from, final Peer to, final int first, final int end) {
        for (int n = first; n < end; n++) {
            assertEquals(ClaimStatus.OK, Bench.send(from, to, claim, n, 8));
        }
    }

    /** Polls and lets the time pass until nothing more happens by itself. */
    private static void settle(final SimulatedFabric fabric, final Endpoint at, final Recorder to) {
        for (int i = 0; i < 10_000; i++) {
            Bench.pollAll(at, to);
            final long next = fabric.nextEventTime();
            fabric.advance(next == Long.MAX_VALUE ? 0 : next - fabric.now());
        }
    }

    @Test
    void shouldDeliverInOrderAfterADelay() {
        final SimulatedFabric fabric =
                fabric(SimulationProfile.builder().minDelayNs(500).maxDelayNs(10_000));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = Bench.peer(a, b);
        assertEquals(ClaimStatus.CONNECTING, Bench.send(a, peer, claim, 0, 8));
        connect(fabric, a, b);
        send(a, peer, 0, 100);
        Bench.pollAll(b, got);
        assertEquals(0, got.frames.size());
        assertTrue(fabric.nextEventTime() >= fabric.clock().getAsLong());
        fabric.advance(10_000);
        Bench.pollAll(b, got);
        assertArrayEquals(LongStream.range(0, 100).toArray(), got.numbers());
        assertEquals(100, fabric.delivered());
        assertEquals(0, fabric.inFlight());
    }

    @Test
    void shouldBoundWhatIsInFlight() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder().framesInFlight(3));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        send(a, peer, 0, 3);
        assertEquals(ClaimStatus.BUSY, Bench.send(a, peer, claim, 3, 8));
        settle(fabric, b, got);
        assertEquals(ClaimStatus.OK, Bench.send(a, peer, claim, 3, 8));
    }

    @Test
    void shouldCutTheFramesOfAKilledSender() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder());
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        send(a, connect(fabric, a, b), 0, 100);
        fabric.kill(Bench.id(a));
        settle(fabric, b, got);
        assertTrue(got.frames.size() < 100, "nothing was cut");
        assertArrayEquals(LongStream.range(0, got.frames.size()).toArray(), got.numbers());
        assertEquals(100, fabric.delivered() + fabric.lost());
        assertEquals(ClaimStatus.BUSY, Bench.send(a, Bench.peer(a, b), claim, 1, 8));
        assertEquals(0, a.poll(got, 16, 65536));
        a.close(0);
        assertThrows(PortalsException.class, () -> fabric.kill(Bench.id(a)));
    }

    @Test
    void shouldFallSilentWhenTheReceiverIsKilled() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder().downProbability(0));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        fabric.kill(Bench.id(b));
        settle(fabric, a, got);
        fabric.advance(3600 * SECOND);
        assertNotEquals(ClaimStatus.DOWN, Bench.send(a, peer, claim, 1, 8));
        assertTrue(got.news.stream().noneMatch(news -> news.startsWith("down")), "was told");
    }

    @Test
    void shouldNoticeAtLastThatTheReceiverIsGone() {
        final SimulatedFabric fabric =
                fabric(SimulationProfile.builder().downProbability(1).maxDownDelayNs(SECOND));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        fabric.kill(Bench.id(b));
        fabric.advance(SECOND);
        assertEquals(ClaimStatus.DOWN, Bench.send(a, peer, claim, 1, 8));
        settle(fabric, a, got);
        assertEquals(1, got.news.stream().filter("down 2"::equals).count());
    }

    @Test
    void shouldBringStaleFramesToTheSuccessor() {
        final SimulatedFabric fabric = stale(1);
        assertArrayEquals(LongStream.range(0, 10).toArray(), got.numbers());
        assertEquals(0, fabric.lost());
    }

    @Test
    void shouldLoseStaleFramesOtherwise() {
        final SimulatedFabric fabric = stale(0);
        assertEquals(0, got.frames.size());
        assertEquals(10, fabric.lost());
    }

    private SimulatedFabric stale(final double probability) {
        final SimulatedFabric fabric =
                fabric(SimulationProfile.builder().staleProbability(probability));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        send(a, connect(fabric, a, b), 0, 10);
        fabric.kill(Bench.id(b));
        settle(fabric, Bench.open(fabric, 2), got);
        return fabric;
    }

    @Test
    void shouldReachTheSuccessorOnlyByAnotherChannel() {
        final SimulatedFabric fabric =
                fabric(SimulationProfile.builder().relinkProbability(1).staleProbability(1));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        send(a, peer, 0, 10);
        fabric.kill(Bench.id(b));
        final Endpoint next = Bench.open(fabric, 2);
        fabric.advance(SECOND);
        send(a, peer, 10, 20);
        settle(fabric, next, got);
        assertEquals(20, got.frames.size());
        for (final Bench.Frame frame : got.frames) {
            assertEquals(
                    frame.number() < 10,
                    frame.channel() == channelOf(0),
                    "frame " + frame.number());
        }
    }

    private long channelOf(final long number) {
        return got.frames.stream().filter(f -> f.number() == number).findAny().get().channel();
    }

    @Test
    void shouldHoldFramesOfAPartitionUntilItHeals() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder().cutProbability(0));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        send(a, peer, 0, 5);
        fabric.partition(Bench.id(b), Bench.id(a));
        send(a, peer, 5, 10);
        settle(fabric, b, got);
        assertEquals(0, got.frames.size());
        fabric.heal(Bench.id(a), Bench.id(b));
        send(a, peer, 10, 15);
        settle(fabric, b, got);
        assertArrayEquals(LongStream.range(0, 15).toArray(), got.numbers());
        assertEquals(1, got.frames.stream().mapToLong(Bench.Frame::channel).distinct().count());
    }

    @Test
    void shouldChangeTheChannelWhereAPartitionLostFrames() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder().cutProbability(1));
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = connect(fabric, a, b);
        fabric.partition(Bench.id(a), Bench.id(b));
        send(a, peer, 0, 50);
        fabric.heal(Bench.id(a), Bench.id(b));
        send(a, peer, 50, 60);
        settle(fabric, b, got);
        final List<Bench.Frame> late =
                got.frames.subList(got.frames.size() - 10, got.frames.size());
        assertArrayEquals(
                LongStream.range(50, 60).toArray(),
                late.stream().mapToLong(Bench.Frame::number).toArray());
        assertEquals(60, got.frames.size() + fabric.lost());
        assertTrue(fabric.lost() > 0, "nothing was lost");
        final long before = channelOf(0);
        assertTrue(late.stream().noneMatch(frame -> frame.channel() == before), "same channel");
    }

    @Test
    void shouldConnectOnlyOutsideAPartition() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder());
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        fabric.partition(Bench.id(a), Bench.id(b));
        Bench.send(a, Bench.peer(a, b), claim, 1, 8);
        fabric.advance(SECOND);
        assertEquals(ClaimStatus.CONNECTING, Bench.send(a, Bench.peer(a, b), claim, 1, 8));
        fabric.heal(Bench.id(a), Bench.id(b));
        assertEquals(ClaimStatus.OK, Bench.send(a, Bench.peer(a, b), claim, 1, 8));
    }

    @Test
    void shouldDrainAClosedSender() {
        final SimulatedFabric fabric = fabric(SimulationProfile.builder());
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        send(a, connect(fabric, a, b), 0, 10);
        a.close(0);
        settle(fabric, b, got);
        assertArrayEquals(LongStream.range(0, 10).toArray(), got.numbers());
    }

    @Test
    void shouldRefuseNonsense() {
        final SimulationProfile.Builder odds = SimulationProfile.builder().refuseProbability(1);
        assertThrows(PortalsException.class, odds::build);
        final SimulationProfile.Builder sizes = SimulationProfile.builder().bytesInFlight(100);
        assertThrows(PortalsException.class, sizes::build);
        final SimulatedFabric fabric = LoopbackFabric.simulated(1, SimulationProfile.GENTLE);
        assertThrows(PortalsException.class, () -> fabric.advance(-1));
    }

    @Test
    void shouldRepeatARunToTheLastFrame() {
        for (int seed = 0; seed < 10; seed++) {
            final long hash = new SeamTraffic(seed).run();
            assertEquals(hash, new SeamTraffic(seed).run(), "seed " + seed);
            assertNotEquals(hash, new SeamTraffic(seed + 1000).run(), "seed " + seed);
        }
    }

    @Test
    void shouldKeepOrderUnderRandomFaults() {
        long delivered = 0;
        for (int seed = 0; seed < 300; seed++) {
            final SeamTraffic traffic = new SeamTraffic(seed);
            try {
                traffic.run();
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            delivered += traffic.delivered();
        }
        assertTrue(delivered > 50_000, "delivered " + delivered);
    }

    @Test
    void shouldDrawProfilesOfAllKinds() {
        final SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 10_000; i++) {
            assertTrue(SimulationProfile.random(random).minFrame() >= 256);
        }
    }
}

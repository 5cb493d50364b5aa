package org.portals4j.loopback;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.loopback.Bench.Recorder;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Provider;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

class LoopbackEndpointTest {
    private static final Map<String, String> SMALL =
            Map.of("loopback.ring.length", "4096", "loopback.frame.length", "512");

    private final LoopbackFabric fabric = LoopbackFabric.create();
    private final Claim claim = new Claim();
    private final Recorder got = new Recorder();

    @Test
    void shouldBeFoundByServiceLoader() {
        final List<String> names =
                ServiceLoader.load(Provider.class).stream()
                        .flatMap(provider -> provider.get().transports().stream())
                        .toList();
        assertTrue(names.contains("loopback"), names.toString());
        assertNull(new LoopbackProvider().probe("loopback"));
    }

    @Test
    void shouldDeliverAllLengthsInOrder() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final int max = a.capabilities().maxFrame();
        assertEquals(8160, max);
        final Peer peer = Bench.peer(a, b);
        for (int length = 1; length <= max; length++) {
            assertEquals(ClaimStatus.OK, a.tryClaim(peer, length, claim));
            for (int i = 0; i < length; i++) {
                claim.buffer().putByte(claim.offset() + i, Bench.content(length, i));
            }
            a.commit(claim);
            Bench.pollAll(b, got);
            final byte[] bytes = got.frames.getLast().bytes();
            assertEquals(length, bytes.length);
            for (int i = 0; i < length; i++) {
                assertEquals(Bench.content(length, i), bytes[i]);
            }
        }
        assertEquals(max, got.frames.size());
        assertThrows(IllegalArgumentException.class, () -> a.tryClaim(peer, max + 1, claim));
        assertThrows(IllegalArgumentException.class, () -> a.tryClaim(peer, 0, claim));
    }

    @Test
    void shouldLoseNothingWhenTheRingIsFull() {
        final Endpoint a = Bench.open(fabric, 1, SMALL);
        final Endpoint b = Bench.open(fabric, 2, SMALL);
        final Peer peer = Bench.peer(a, b);
        int sent = 0;
        int busy = 0;
        while (sent < 1000) {
            if (Bench.send(a, peer, claim, sent, 8 + sent % 500) == ClaimStatus.OK) {
                sent++;
            } else {
                busy++;
                Bench.pollAll(b, got);
            }
        }
        Bench.pollAll(b, got);
        assertTrue(busy > 10);
        assertArrayEquals(LongStream.range(0, 1000).toArray(), got.numbers());
        assertEquals(1, got.frames.stream().mapToLong(Bench.Frame::channel).distinct().count());
    }

    @Test
    void shouldTellWritableOnceThereIsRoomAgain() {
        final Endpoint a = Bench.open(fabric, 1, SMALL);
        final Endpoint b = Bench.open(fabric, 2, SMALL);
        final Peer peer = Bench.peer(a, b);
        while (Bench.send(a, peer, claim, 0, 512) == ClaimStatus.OK) {}
        final Recorder atA = new Recorder();
        Bench.pollAll(a, atA);
        assertEquals(List.of("up 2"), atA.news);
        Bench.pollAll(b, got);
        Bench.pollAll(a, atA);
        assertEquals(List.of("up 2", "writable 2"), atA.news);
    }

    @Test
    void shouldSkipAbortedClaims() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = Bench.peer(a, b);
        assertEquals(ClaimStatus.OK, a.tryClaim(peer, 100, claim));
        a.abort(claim);
        assertThrows(IllegalStateException.class, () -> a.commit(claim));
        Bench.send(a, peer, claim, 7, 100);
        Bench.pollAll(b, got);
        assertArrayEquals(new long[] {7}, got.numbers());
    }

    @Test
    void shouldRespectTheLimitsOfPoll() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer peer = Bench.peer(a, b);
        for (int i = 0; i < 20; i++) {
            Bench.send(a, peer, claim, i, 1000);
        }
        assertEquals(5, b.poll(got, 5, 65536));
        assertEquals(3, b.poll(got, 16, 2500));
        assertEquals(1, b.poll(got, 16, 1));
        Bench.pollAll(b, got);
        assertArrayEquals(LongStream.range(0, 20).toArray(), got.numbers());
    }

    @Test
    void shouldConnectWhenTheOtherEndpointComesUp() {
        final Endpoint a = Bench.open(fabric, 1);
        final Peer peer = a.peer(Bench.NID, 2);
        assertSame(peer, a.peer(Bench.NID, 2));
        assertEquals(ClaimStatus.CONNECTING, Bench.send(a, peer, claim, 1, 8));
        final Recorder atA = new Recorder();
        Bench.pollAll(a, atA);
        assertEquals(List.of(), atA.news);
        final Endpoint b = Bench.open(fabric, 2);
        Bench.pollAll(a, atA);
        assertEquals(List.of("up 2"), atA.news);
        assertEquals(ClaimStatus.OK, Bench.send(a, peer, claim, 1, 8));
        Bench.pollAll(b, got);
        assertArrayEquals(new long[] {1}, got.numbers());
        assertNull(got.lastSender);
    }

    @Test
    void shouldNameTheSenderIfItIsKnown() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer back = Bench.peer(b, a);
        Bench.send(a, Bench.peer(a, b), claim, 1, 8);
        Bench.pollAll(b, got);
        assertSame(back, got.lastSender);
    }

    @Test
    void shouldDrainAClosedSender() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        for (int i = 0; i < 10; i++) {
            Bench.send(a, Bench.peer(a, b), claim, i, 64);
        }
        a.close(0);
        final Endpoint next = Bench.open(fabric, 1);
        Bench.send(next, Bench.peer(next, b), claim, 10, 64);
        Bench.pollAll(b, got);
        assertArrayEquals(
                LongStream.range(0, 11).toArray(), LongStream.of(got.numbers()).sorted().toArray());
        assertEquals(2, got.frames.stream().mapToLong(Bench.Frame::channel).distinct().count());
    }

    @Test
    void shouldTellOnceThatAPeerIsDown() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        final Peer old = Bench.peer(a, b);
        Bench.send(a, old, claim, 1, 8);
        final Recorder atA = new Recorder();
        Bench.pollAll(a, atA);
        b.close(0);
        final Endpoint next = Bench.open(fabric, 2);
        assertEquals(ClaimStatus.DOWN, Bench.send(a, old, claim, 2, 8));
        Bench.pollAll(a, atA);
        Bench.pollAll(a, atA);
        assertEquals(List.of("up 2", "down 2"), atA.news);
        a.disconnect(old);
        assertEquals(ClaimStatus.DOWN, Bench.send(a, old, claim, 2, 8));
        final Peer fresh = Bench.peer(a, next);
        assertNotSame(old, fresh);
        assertEquals(ClaimStatus.OK, Bench.send(a, fresh, claim, 3, 8));
        Bench.pollAll(next, got);
        assertArrayEquals(new long[] {3}, got.numbers());
    }

    @Test
    void shouldTellThatAnIdlePeerIsDown() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint b = Bench.open(fabric, 2);
        Bench.send(a, Bench.peer(a, b), claim, 1, 8);
        final Recorder atA = new Recorder();
        Bench.pollAll(a, atA);
        b.close(0);
        Bench.pollAll(a, atA);
        assertEquals(List.of("up 2", "down 2"), atA.news);
    }

    @Test
    void shouldSendToItself() {
        final Endpoint a = Bench.open(fabric, 1);
        final Peer self = Bench.peer(a, a);
        for (int i = 0; i < 100; i++) {
            assertEquals(ClaimStatus.OK, Bench.send(a, self, claim, i, 64));
            Bench.pollAll(a, got);
        }
        assertArrayEquals(LongStream.range(0, 100).toArray(), got.numbers());
        assertSame(self, got.lastSender);
    }

    @Test
    void shouldChoosePidsUpwardsFromOne() {
        final Endpoint first = Bench.open(fabric, ProcessId.PID_ANY);
        assertEquals(new ProcessId(Bench.NID, 1), Bench.id(first));
        Bench.open(fabric, 2);
        assertEquals(3, Bench.open(fabric, ProcessId.PID_ANY).pid());
        first.close(0);
        assertEquals(1, Bench.open(fabric, ProcessId.PID_ANY).pid());
        assertEquals(ReturnCode.PID_IN_USE, refusal(2, Map.of()).code());
        assertEquals(ReturnCode.ARG_INVALID, refusal(0, Map.of()).code());
        assertEquals(ReturnCode.ARG_INVALID, refusal(65536, Map.of()).code());
    }

    @Test
    void shouldRefuseBadProperties() {
        final PortalsException unknown = refusal(9, Map.of("loopback.color", "red"));
        assertEquals(ReturnCode.ARG_INVALID, unknown.code());
        assertTrue(unknown.getMessage().contains("loopback.frame.length"), unknown.getMessage());
        assertEquals(
                ReturnCode.ARG_INVALID, refusal(9, Map.of("loopback.frame.length", "255")).code());
        assertEquals(ReturnCode.ARG_INVALID, refusal(9, Map.of("loopback.window", "many")).code());
        assertEquals(
                ReturnCode.ARG_INVALID, refusal(9, Map.of("loopback.ring.length", "5000")).code());
        assertEquals(512, Bench.open(fabric, 9, SMALL).capabilities().maxFrame());
    }

    @Test
    void shouldKeepFabricsApart() {
        final Endpoint a = Bench.open(fabric, 1);
        final Endpoint other = Bench.open(LoopbackFabric.create(), 2);
        assertEquals(ClaimStatus.CONNECTING, Bench.send(a, Bench.peer(a, other), claim, 1, 8));
        final Endpoint global = Bench.open(null, ProcessId.PID_ANY);
        final Endpoint mate = Bench.open(null, ProcessId.PID_ANY);
        assertNotEquals(global.pid(), mate.pid());
        assertEquals(ClaimStatus.OK, Bench.send(global, Bench.peer(global, mate), claim, 1, 8));
        global.close(0);
        mate.close(0);
    }

    @Test
    void shouldRefuseAForeignResource() {
        final EndpointConfig config =
                new EndpointConfig("loopback", 0, 1, 1, Map.of(), "no fabric", error -> {});
        final PortalsException refused =
                assertThrows(
                        PortalsException.class,
                        () ->
                                new LoopbackProvider()
                                        .open(config, System::nanoTime, new SplittableRandom(1)));
        assertTrue(refused.getMessage().contains("LoopbackFabric"), refused.getMessage());
    }

    private PortalsException refusal(final int pid, final Map<String, String> properties) {
        return assertThrows(
                PortalsException.class, () -> Bench.open(fabric, pid, properties).close(0));
    }
}

package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.util.HashSet;
import java.util.List;
import java.util.Random;

/** Frames between two endpoints of one JVM, over each transport. */
@ExtendWith(Leftovers.class)
class FrameTransferTest {
    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldDeliverFramesOfEveryLengthInOrderUnchanged(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.peer(b);
            final int max = a.endpoint.capabilities().maxFrame();
            assertEquals(8160, max);
            int sent = 0;
            for (int length = 1; length <= max; length += length < 300 ? 1 : 97) {
                a.send(peer, frame(length), b);
                sent++;
            }
            a.send(peer, frame(max), b);
            final int expected = sent + 1;
            a.until(() -> b.told.frames.size() == expected, b);
            int at = 0;
            for (int length = 1; length <= max; length += length < 300 ? 1 : 97) {
                assertArrayEquals(frame(length), b.told.frames.get(at++));
            }
            assertArrayEquals(frame(max), b.told.frames.get(at));
            assertEquals(1, new HashSet<>(b.told.channels).size(), "one channel");
            assertEquals(List.of(peer), a.told.ups);
            assertEquals(List.of(), a.told.downs);
            assertThrows(
                    IllegalArgumentException.class,
                    () -> a.endpoint.tryClaim(peer, max + 1, a.claim));
            assertEquals(List.of(), a.errors);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldAnswerBusyUnderBackPressureAndLoseNothing(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.peer(b);
            final byte[] frame = frame(a.endpoint.capabilities().maxFrame());
            a.until(() -> a.trySend(peer, frame) == ClaimStatus.OK);
            int sent = 1;
            ClaimStatus status = ClaimStatus.OK;
            while (status == ClaimStatus.OK) {
                assertTrue(sent++ < 10_000, "nobody reads, yet there is room");
                status = a.trySend(peer, frame);
            }
            assertEquals(ClaimStatus.BUSY, status);
            final int expected = sent - 1;
            a.until(() -> b.told.frames.size() == expected, b);
            a.send(peer, frame, b);
            a.until(() -> b.told.frames.size() == expected + 1, b);
            b.told.frames.forEach(each -> assertArrayEquals(frame, each));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp"})
    void shouldKeepOrderThroughManyTermsInBothDirections(final String transport) {
        final String[] small = {
            "aeron.ipc.term.length", "64k", "aeron.udp.term.length", "64k", "aeron.mtu", "1408"
        };
        try (Node a = Node.open(transport, Node.PID_ANY, small);
                Node b = Node.open(transport, Node.PID_ANY, small)) {
            assertEquals(1376, a.endpoint.capabilities().maxFrame());
            final Peer toB = a.peer(b);
            final Peer toA = b.peer(a);
            final int count = 2000;
            for (int i = 0; i < count; i++) {
                a.send(toB, numbered(i, i % 1300), b);
                b.send(toA, numbered(i, (i * 7) % 1300), a);
            }
            a.until(() -> b.told.frames.size() == count && a.told.frames.size() == count, b);
            for (int i = 0; i < count; i++) {
                assertArrayEquals(numbered(i, i % 1300), b.told.frames.get(i));
                assertArrayEquals(numbered(i, (i * 7) % 1300), a.told.frames.get(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp"})
    void shouldNotDeliverAbortedClaims(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.peer(b);
            a.send(peer, frame(10), b);
            assertEquals(ClaimStatus.OK, a.endpoint.tryClaim(peer, 100, a.claim));
            a.endpoint.abort(a.claim);
            a.send(peer, frame(20), b);
            a.until(() -> b.told.frames.size() == 2, b);
            assertEquals(10, b.told.frames.get(0).length);
            assertEquals(20, b.told.frames.get(1).length);
        }
    }

    @Test
    void shouldRespectLimitsAndServeIpcAndUdpInTurn() {
        try (Node b = Node.open("aeron", Node.PID_ANY);
                Node ipc = Node.open("aeron", Node.PID_ANY);
                Node udp = Node.open("udp", Node.PID_ANY)) {
            final Peer byIpc = ipc.peer(b);
            final Peer byUdp = udp.peer(b);
            ipc.send(byIpc, frame(100), b);
            udp.send(byUdp, frame(200), b);
            b.until(
                    () -> {
                        fill(ipc, byIpc, 100); // always more waiting than one poll takes
                        fill(udp, byUdp, 200);
                        return count(b, 100) > 300 && count(b, 200) > 300;
                    });
            assertEquals(4, pollFrames(b, 4), "maxFrames");
            final int before = b.told.frames.size();
            b.endpoint.poll(b.told, 16, 150);
            final int got = b.told.frames.size() - before;
            assertTrue(got >= 1 && got <= 2, "maxBytes: " + got);
            assertEquals(2, new HashSet<>(b.told.channels).size());
        }
    }

    private static int pollFrames(final Node node, final int maxFrames) {
        final int before = node.told.frames.size();
        node.endpoint.poll(node.told, maxFrames, 1_000_000);
        return node.told.frames.size() - before;
    }

    private static void fill(final Node node, final Peer peer, final int length) {
        for (int i = 0; i < 20; i++) {
            node.trySend(peer, frame(length));
        }
    }

    private static long count(final Node node, final int length) {
        return node.told.frames.stream().filter(each -> each.length == length).count();
    }

    @Test
    void shouldSendToItself() {
        try (Node a = Node.open("aeron", Node.PID_ANY)) {
            a.send(a.endpoint.peer(a.endpoint.nid(), a.endpoint.pid()), frame(33));
            a.until(() -> a.told.frames.size() == 1);
            assertArrayEquals(frame(33), a.told.frames.get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp"})
    void shouldLetTheHandlerSendFromWithinPoll(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer toB = a.peer(b);
            final Peer toA = b.peer(a);
            b.send(toA, frame(1), a);
            a.send(toB, frame(77), b);
            final EchoHandler echo = new EchoHandler(b.endpoint, toA);
            a.until(
                    () -> {
                        b.endpoint.poll(echo, 16, 64 * 1024);
                        return a.told.frames.size() == 2;
                    });
            assertArrayEquals(frame(77), a.told.frames.get(1));
        }
    }

    @Test
    void shouldTellWhichWayDecidesTheWindow() {
        try (Node a = Node.open("aeron", Node.PID_ANY);
                Node b = Node.open("aeron", Node.PID_ANY);
                Node c = Node.open("udp", Node.PID_ANY)) {
            final Peer near = a.peer(b);
            final Peer far = a.peer(c);
            a.send(near, frame(1), b);
            a.send(far, frame(1), c);
            assertEquals(256 * 1024, near.window());
            assertEquals(0, far.window());
            assertEquals(256 * 1024, a.endpoint.capabilities().defaultWindow());
            assertFalse(a.endpoint.capabilities().sameHost());
            assertFalse(a.endpoint.canAwait());
            assertNotEquals(near, far);
        }
    }

    static byte[] frame(final int length) {
        final byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static byte[] numbered(final int number, final int extra) {
        final byte[] bytes = new byte[4 + extra];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (number >> ((i & 3) * 8));
        }
        return bytes;
    }

    /** Sends back what comes. */
    private record EchoHandler(Endpoint endpoint, Peer to) implements Handler {
        @Override
        public void onFrame(
                final Peer peer,
                final long channel,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            final Claim claim = new Claim();
            assertEquals(ClaimStatus.OK, endpoint.tryClaim(to, length, claim));
            claim.buffer().putBytes(claim.offset(), buffer, offset, length);
            endpoint.commit(claim);
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
        public void onWritable(final Peer peer) {}
    }
}

package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Peer;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;

/** Peers that come late, leave, come back, or change the way. */
@ExtendWith(Leftovers.class)
class PeerLifecycleTest {
    private static final byte[] HELLO = {1, 2, 3};

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldConnectToAPeerThatComesUpLater(final String transport) throws IOException {
        final int pid = freePort();
        try (Node a = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.endpoint.peer(NodeId.LOOPBACK, pid);
            assertSame(peer, a.endpoint.peer(NodeId.LOOPBACK, pid));
            final long end = System.nanoTime() + 300_000_000L;
            a.until(
                    () -> {
                        assertEquals(ClaimStatus.CONNECTING, a.trySend(peer, HELLO));
                        return System.nanoTime() - end > 0;
                    });
            try (Node b = Node.open(transport, pid)) {
                a.send(peer, HELLO, b);
                a.until(() -> b.told.frames.size() == 1, b);
                assertArrayEquals(HELLO, b.told.frames.get(0));
                assertEquals(List.of(peer), a.told.ups);
                if (transport.equals("aeron")) {
                    assertTrue(a.endpoint.describe().contains(" ipc UP"), a.endpoint.describe());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "aeron"})
    void shouldTellThatAPeerOfTheDriverLeftAndReachItsSuccessor(final String transport)
            throws IOException {
        final int pid = freePort();
        try (Node a = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.endpoint.peer(NodeId.LOOPBACK, pid);
            try (Node b = Node.open(transport, pid)) {
                a.send(peer, HELLO, b);
                a.until(() -> b.told.frames.size() == 1, b);
            }
            a.until(() -> !a.told.downs.isEmpty());
            assertEquals(List.of(peer), a.told.downs);
            assertTrue(a.told.causes.get(0).contains("left"), a.told.causes.get(0));
            assertEquals(ClaimStatus.DOWN, a.trySend(peer, HELLO));
            a.endpoint.disconnect(peer);
            final Peer again = a.endpoint.peer(NodeId.LOOPBACK, pid);
            assertNotSame(peer, again);
            try (Node b = Node.open(transport, pid)) {
                a.send(again, HELLO, b);
                a.until(() -> b.told.frames.size() == 1, b);
            }
            assertEquals(1, a.told.downs.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldUseANewChannelAfterDisconnect(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer first = a.peer(b);
            a.send(first, HELLO, b);
            a.until(() -> b.told.frames.size() == 1, b);
            a.endpoint.disconnect(first);
            assertEquals(ClaimStatus.DOWN, a.trySend(first, HELLO));
            final Peer second = a.peer(b);
            a.send(second, HELLO, b);
            a.until(() -> b.told.frames.size() == 2, b);
            assertNotEquals(b.told.channels.get(0), b.told.channels.get(1));
            assertEquals(List.of(first, second), a.told.ups);
            assertEquals(List.of(), a.told.downs, "disconnecting is no failure");
        }
    }

    @Test
    void shouldForgetAPeerWhileItIsBeingConnected() throws IOException {
        final int pid = freePort();
        try (Node a = Node.open("aeron", Node.PID_ANY)) {
            for (int i = 0; i < 20; i++) {
                final Peer peer = a.endpoint.peer(NodeId.LOOPBACK, pid);
                assertEquals(ClaimStatus.CONNECTING, a.trySend(peer, HELLO));
                for (int turn = 0; turn < i; turn++) {
                    a.poll();
                }
                a.endpoint.disconnect(peer);
            }
            try (Node b = Node.open("aeron", pid)) {
                a.send(a.peer(b), HELLO, b);
                a.until(() -> b.told.frames.size() == 1, b);
            }
            assertEquals(List.of(), a.errors);
        }
    }

    @Test
    void shouldReachAPeerOfAnotherDriverByUdp() {
        try (Node a = Node.open("aeron", Node.PID_ANY, "aeron.driver.idle", "backoff");
                Node b = Node.open("aeron", Node.PID_ANY, "aeron.driver.idle", "adaptive")) {
            assertNotEquals(a.directory(), b.directory());
            a.send(a.peer(b), HELLO, b);
            b.send(b.peer(a), HELLO, a);
            a.until(() -> b.told.frames.size() == 1 && a.told.frames.size() == 1, b);
            assertTrue(a.endpoint.describe().contains(" udp UP"), a.endpoint.describe());
        }
    }

    @Test
    void shouldStayWithUdpWherePeersOfTheDriverOfferNothingElse() {
        try (Node a = Node.open("aeron", Node.PID_ANY);
                Node b = Node.open("udp", Node.PID_ANY)) {
            a.send(a.peer(b), HELLO, b);
            b.send(b.peer(a), HELLO, a);
            a.until(() -> b.told.frames.size() == 1 && a.told.frames.size() == 1, b);
            assertTrue(a.endpoint.describe().contains(" udp UP"), a.endpoint.describe());
        }
    }

    /** A UDP port that is free now: a pid for tests that need to know it before it is used. */
    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

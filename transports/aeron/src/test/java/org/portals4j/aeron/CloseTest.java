package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.provider.Peer;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Frames committed right before close arrive. */
@ExtendWith(Leftovers.class)
class CloseTest {
    private static final int COUNT = 300;

    /** Separate drivers: the sender's is stopped by its close. */
    @Test
    void shouldDeliverByUdpWhatWasCommittedBeforeTheDriverStops() {
        try (Node b = Node.open("udp", Node.PID_ANY, "aeron.driver.idle", "backoff")) {
            final Node a = Node.open("udp", Node.PID_ANY, "aeron.driver.idle", "adaptive");
            final Peer peer = a.peer(b);
            for (int i = 0; i <= COUNT; i++) {
                a.send(peer, FrameTransferTest.numbered(i, 1000), b);
            }
            final long begin = System.nanoTime();
            final Thread closing = Thread.ofPlatform().start(a::close);
            b.until(() -> !closing.isAlive());
            final long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
            assertTrue(took < 1900, "close should not wait for its time-out: " + took + " ms");
            b.until(() -> b.told.frames.size() == COUNT + 1);
            assertNumbered(b, COUNT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldDeliverWhatWasCommittedBeforeCloseOnASharedDriver(final String transport) {
        try (Node b = Node.open(transport, Node.PID_ANY)) {
            final Node a = Node.open(transport, Node.PID_ANY);
            final Peer peer = a.peer(b);
            for (int i = 0; i <= COUNT; i++) {
                a.send(peer, FrameTransferTest.numbered(i, 1000), b);
            }
            a.close();
            b.until(() -> b.told.frames.size() == COUNT + 1);
            assertNumbered(b, COUNT);
        }
    }

    @ParameterizedTest
    @CsvSource({"ipc, true", "aeron, true", "udp, true", "udp, false"})
    void shouldDeliverWhatAProcessCommittedThatExitsAtOnce(
            final String transport, final boolean external) throws Exception {
        final Path directory = Path.of(CommonContext.generateRandomDirName());
        final int pid = PeerLifecycleTest.freePort();
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of());
                Node b = Node.open(transport, pid, "aeron.dir", directory.toString());
                ChildJvm child =
                        new ChildJvm(
                                ChildJvm.FLAG,
                                ChildMain.class,
                                "send",
                                external ? driver.directory().toString() : "",
                                Integer.toString(pid),
                                Integer.toString(COUNT),
                                transport)) {
            b.until(() -> !b.told.frames.isEmpty());
            assertEquals(0, child.exitCode());
            b.until(() -> b.told.frames.size() == COUNT + 1);
            for (int i = 0; i < COUNT; i++) {
                assertArrayEquals(FrameTransferTest.numbered(i, 1000), b.told.frames.get(i));
            }
        }
    }

    @Test
    void shouldCloseInTimeThoughThePeerIsGone() {
        final Node a = Node.open("udp", Node.PID_ANY, "aeron.driver.idle", "adaptive");
        final Node b = Node.open("udp", Node.PID_ANY, "aeron.driver.idle", "backoff");
        a.send(a.peer(b), new byte[8], b);
        b.close();
        a.trySend(a.peer(b), new byte[8]);
        final long begin = System.nanoTime();
        a.close();
        final long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(took < 4000, took + " ms");
    }

    private static void assertNumbered(final Node node, final int last) {
        for (int i = 0; i <= last; i++) {
            assertArrayEquals(FrameTransferTest.numbered(i, 1000), node.told.frames.get(i));
        }
    }
}

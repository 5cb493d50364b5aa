package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Who gets which node and process id. */
@ExtendWith(Leftovers.class)
class NamingTest {
    private static final byte[] FRAME = {42};

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "udp", "aeron"})
    void shouldRefuseAPidThatIsTaken(final String transport) throws IOException {
        final int pid = PeerLifecycleTest.freePort();
        try (Node a = Node.open(transport, pid)) {
            assertEquals(pid, a.endpoint.pid());
            assertEquals(NodeId.LOOPBACK, a.endpoint.nid());
            assertTaken(transport, pid);
        }
        Node.open(transport, pid).close();
    }

    @Test
    void shouldRefuseAPortThatSomeoneElseHasBound() throws IOException {
        final int pid = PeerLifecycleTest.freePort();
        try (Node a = Node.open("udp", pid, "aeron.driver.idle", "backoff")) {
            assertEquals(pid, a.endpoint.pid());
            assertTaken("udp", pid, "aeron.driver.idle", "adaptive");
        }
    }

    @Test
    void shouldGiveOneNameToOneOnlyWhenManyAskAtOnce() throws Exception {
        final int contenders = 6;
        final int pid = PeerLifecycleTest.freePort();
        final CountDownLatch start = new CountDownLatch(1);
        final List<Node> winners = new ArrayList<>();
        try (Node keepsDriver = Node.open("ipc", Node.PID_ANY);
                ExecutorService threads = Executors.newFixedThreadPool(contenders)) {
            assertTrue(keepsDriver.endpoint.pid() > 0);
            final List<Future<Node>> all = new ArrayList<>();
            for (int i = 0; i < contenders; i++) {
                all.add(
                        threads.submit(
                                () -> {
                                    start.await();
                                    try {
                                        return Node.open("ipc", pid);
                                    } catch (final PortalsException e) {
                                        assertEquals(ReturnCode.PID_IN_USE, e.code());
                                        return null;
                                    }
                                }));
            }
            start.countDown();
            for (final Future<Node> each : all) {
                final Node node = each.get();
                if (node != null) {
                    winners.add(node);
                }
            }
            winners.forEach(Node::close);
        }
        assertEquals(1, winners.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "aeron"})
    void shouldFindFiftyDifferentPids(final String transport) {
        final Set<Integer> pids = new HashSet<>();
        final List<Node> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                final Node node = Node.open(transport, Node.PID_ANY);
                nodes.add(node);
                assertTrue(pids.add(node.endpoint.pid()), "twice " + node.endpoint.pid());
            }
        } finally {
            nodes.forEach(Node::close);
        }
    }

    @Test
    void shouldKeepEqualPidsOfDifferentNodesApart() {
        final int pid = 4711;
        try (Node a = Node.open("ipc", pid);
                Node b = Node.openOn(0x7f000002, "ipc", pid);
                Node sender = Node.open("ipc", Node.PID_ANY)) {
            sender.send(sender.peer(b), FRAME, a, b);
            sender.until(() -> b.told.frames.size() == 1, a, b);
            assertEquals(0, a.told.frames.size());
        }
    }

    @Test
    void shouldListenOnTheNodeIdGiven() {
        try (Node a = Node.openOn(0x7f000003, "udp", Node.PID_ANY);
                Node b = Node.openOn(0x7f000004, "aeron", Node.PID_ANY)) {
            b.send(b.peer(a), FRAME, a);
            a.send(a.peer(b), FRAME, b);
            a.until(() -> a.told.frames.size() == 1 && b.told.frames.size() == 1, b);
        }
    }

    /** The driver takes seconds to notice; the operating system knows at once. */
    @Test
    void shouldLetARestartedProcessHaveThePidOfTheKilled() throws IOException {
        final Path directory = Path.of(CommonContext.generateRandomDirName());
        final int pid = PeerLifecycleTest.freePort();
        final String[] join = {"aeron.dir", directory.toString()};
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of());
                ChildJvm child =
                        new ChildJvm(
                                ChildJvm.FLAG,
                                ChildMain.class,
                                "listen",
                                directory.toString(),
                                Integer.toString(pid))) {
            assertEquals(directory, driver.directory());
            child.line("listening");
            assertTaken("aeron", pid, join);
            child.kill();
            try (Node again = Node.open("aeron", pid, join);
                    Node sender = Node.open("aeron", Node.PID_ANY, join)) {
                sender.send(sender.peer(again), FRAME, again);
                sender.until(() -> again.told.frames.size() == 1, again);
                assertTrue(sender.endpoint.describe().contains(" ipc UP"));
            }
        }
        assertFalse(directory.toFile().exists());
    }

    private static void assertTaken(
            final String transport, final int pid, final String... properties) {
        final PortalsException refused =
                assertThrows(PortalsException.class, () -> Node.open(transport, pid, properties));
        assertEquals(ReturnCode.PID_IN_USE, refused.code(), refused.getMessage());
        assertTrue(refused.getMessage().contains(":" + pid), refused.getMessage());
    }
}

package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.CommonContext;

import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Embedded and external drivers, the application's own client, and drivers that go. */
@ExtendWith(Leftovers.class)
class DriverTest {
    private static final byte[] FRAME = {9, 9};

    private final Path directory = Path.of(CommonContext.generateRandomDirName());
    private final String[] join = {"aeron.dir", directory.toString()};

    @Test
    void shouldShareTheEmbeddedDriverInOneProcess() {
        final Node a = Node.open("ipc", Node.PID_ANY);
        final Path shared = Path.of(a.directory());
        try (Node b = Node.open("ipc", Node.PID_ANY)) {
            assertEquals(a.directory(), b.directory());
            a.close();
            assertTrue(Files.exists(shared), "b still uses it");
            b.poll();
            assertEquals(ClaimStatus.CONNECTING, b.trySend(b.endpoint.peer(1, 1), FRAME));
        }
        assertFalse(Files.exists(shared));
    }

    @Test
    void shouldJoinAnExternalDriverAndLeaveItRunning() {
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of())) {
            try (Node a = Node.open("aeron", Node.PID_ANY, join);
                    Node b = Node.open("ipc", Node.PID_ANY, join)) {
                a.send(a.peer(b), FRAME, b);
                a.until(() -> b.told.frames.size() == 1, b);
                assertTrue(a.endpoint.describe().contains("external"), a.endpoint.describe());
            }
            assertTrue(Files.exists(driver.directory()));
            Node.open("ipc", Node.PID_ANY, join).close();
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldEmbedADriverThatOthersJoin() {
        try (Node host =
                        Node.open(
                                "aeron",
                                Node.PID_ANY,
                                "aeron.dir",
                                directory.toString(),
                                "aeron.driver",
                                "embedded");
                Node guest = Node.open("aeron", Node.PID_ANY, join)) {
            guest.send(guest.peer(host), FRAME, host);
            guest.until(() -> host.told.frames.size() == 1, host);
            assertTrue(guest.endpoint.describe().contains(" ipc UP"));
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void shouldRefuseALiveDirectoryAndClearADeadOne() throws IOException {
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of())) {
            final PortalsException refused =
                    assertThrows(
                            PortalsException.class,
                            () -> PortalsMediaDriver.launch(directory, Map.of()));
            assertEquals(ReturnCode.IN_USE, refused.code());
            assertTrue(Files.exists(driver.directory()));
            Node.open("ipc", Node.PID_ANY, join).close();
        }
        Files.createDirectory(directory);
        Files.writeString(directory.resolve("remains"), "x");
        PortalsMediaDriver.launch(directory, Map.of()).close();
        assertFalse(Files.exists(directory));
        assertThrows(
                PortalsException.class,
                () -> PortalsMediaDriver.launch(directory, Map.of("idle", "spin")));
    }

    @Test
    void shouldUseTheApplicationsClientAndNotCloseIt() {
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of());
                Aeron client =
                        Aeron.connect(
                                new Aeron.Context()
                                        .aeronDirectoryName(driver.directory().toString())
                                        .errorHandler(e -> {}))) {
            try (Node a = Node.openWith(client, "aeron", Node.PID_ANY);
                    Node b = Node.open("aeron", Node.PID_ANY, join)) {
                a.send(a.peer(b), FRAME, b);
                b.send(b.peer(a), FRAME, a);
                a.until(() -> a.told.frames.size() == 1 && b.told.frames.size() == 1, b);
                final Peer toB = a.peer(b);
                assertFalse(client.isClosed());
                CloseHelper.close(client);
                a.until(() -> !a.told.downs.isEmpty());
                assertEquals(List.of(toB), a.told.downs);
                assertTrue(a.told.causes.get(0).contains("application's"), a.told.causes.get(0));
            }
        }
        assertThrows(
                PortalsException.class, () -> Node.openWith("a string", "aeron", Node.PID_ANY));
    }

    @Test
    void shouldLeaveTheApplicationsClientAsItWas() {
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of());
                Aeron client =
                        Aeron.connect(
                                new Aeron.Context()
                                        .aeronDirectoryName(driver.directory().toString()))) {
            Node.openWith(client, "aeron", Node.PID_ANY).close();
            assertFalse(client.isClosed());
            final Announcements left = new Announcements(client.countersReader());
            Await.until(() -> left.count() == 0);
        }
    }

    @Test
    void shouldTellEveryPeerOnceWhenTheDriverIsClosedUnderUs() {
        final PortalsMediaDriver driver = PortalsMediaDriver.launch(directory, Map.of());
        try (Node a = Node.open("aeron", Node.PID_ANY, join);
                Node b = Node.open("aeron", Node.PID_ANY, join)) {
            final Peer toB = a.peer(b);
            final Peer toNobody = a.endpoint.peer(NodeId.LOOPBACK, 1);
            a.send(toB, FRAME, b);
            a.trySend(toNobody, FRAME);
            driver.close();
            a.until(() -> a.told.downs.size() == 2);
            assertTrue(a.told.downs.containsAll(List.of(toB, toNobody)));
            for (final String cause : a.told.causes) {
                assertTrue(cause.contains("media driver of directory " + directory), cause);
                assertTrue(cause.contains("has gone"), cause);
            }
            assertEquals(ClaimStatus.DOWN, a.trySend(toB, FRAME));
            assertEquals(ClaimStatus.DOWN, a.trySend(toNobody, FRAME));
            a.endpoint.disconnect(toB);
            final Peer again = a.peer(b);
            assertNotEquals(toB, again);
            assertEquals(ClaimStatus.DOWN, a.trySend(again, FRAME));
            a.until(() -> a.told.downs.size() == 3);
            a.poll();
            assertEquals(3, a.told.downs.size());
            assertTrue(a.errors.size() <= 1, "one error, once: " + a.errors);
            assertTrue(a.endpoint.describe().contains("has gone"));
        }
    }

    @Test
    void shouldFailToJoinWhereNoDriverIs() {
        final PortalsException refused =
                assertThrows(
                        PortalsException.class,
                        () ->
                                Node.open(
                                        "ipc",
                                        Node.PID_ANY,
                                        "aeron.dir",
                                        "/dev/null/not-a-directory",
                                        "aeron.driver",
                                        "embedded"));
        assertEquals(ReturnCode.FAIL, refused.code());
        assertTrue(refused.getMessage().contains("/dev/null"), refused.getMessage());
    }

    @Test
    void shouldLeaveNoDirectoryWhenTheProgramEndsWithoutClosing() throws Exception {
        try (ChildJvm child = new ChildJvm(ChildJvm.FLAG, ChildMain.class, "forget")) {
            final Path left = Path.of(child.line("directory "));
            assertEquals(0, child.exitCode());
            assertFalse(Files.exists(left), left + " is left behind");
        }
    }
}

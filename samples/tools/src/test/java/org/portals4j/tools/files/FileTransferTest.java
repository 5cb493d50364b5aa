package org.portals4j.tools.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Server and client over loopback, each with an instance of its own. */
@Timeout(60)
class FileTransferTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir private Path source;
    @TempDir private Path served;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final Collector collector = new Collector();
    private Portals target;
    private FileServer server;
    private Thread serving;
    private Portals initiator;
    private NetworkInterface ni;

    @BeforeEach
    void open() throws IOException {
        target = Portals.open(context());
        server =
                new FileServer(
                        target.networkInterface(InterfaceKind.MATCHING_PHYSICAL), served, log::add);
        serving = Thread.ofPlatform().start(server::run);
        initiator = Portals.open(context());
        ni = initiator.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
    }

    @AfterEach
    void close() throws InterruptedException {
        initiator.close();
        server.close();
        serving.join();
        target.close();
    }

    @Test
    void shouldBringTreesThereAndBack() throws IOException {
        file("empty", 0);
        file("one", 1);
        file("a/b/c/chunk", Protocol.CHUNK);
        file("a/b/chunk-1", Protocol.CHUNK - 1);
        file("a/b/chunk+1", Protocol.CHUNK + 1);
        file("several chunks", 3 * Protocol.CHUNK + 12345);
        file("-rf \\ 'odd' \"name\"\n", 100);
        for (int i = 0; i < 100; i++) {
            file("many/" + i, i);
        }
        Files.createSymbolicLink(source.resolve("link"), source.resolve("one"));
        final SourceTree tree = SourceTree.of(source);
        assertEquals(107, tree.files().size());
        assertEquals(1, tree.skipped());

        try (FileClient client = connect()) {
            client.put(tree.files(), collector);
            assertEquals(Map.of(), collector.errors());
            assertEquals(tree.bytes(), collector.bytes);
            final Map<String, FileOutcome> sent = Map.copyOf(collector.outcomes);
            for (final SourceFile file : tree.files()) {
                assertEquals(-1, Files.mismatch(file.path(), served.resolve(file.name())));
            }

            collector.outcomes.clear();
            client.get(
                    tree.files().stream().map(f -> new FileRequest(f.name(), null)).toList(),
                    collector);
            assertEquals(sent, collector.outcomes);

            final Statistics statistics = client.statistics();
            assertEquals(2L * tree.files().size(), statistics.files());
            assertEquals(2 * tree.bytes(), statistics.bytes());
            assertEquals(0, statistics.drops());
            assertEquals(0, client.drops());
        }
        assertNothingUnfinished(served);
    }

    @Test
    void shouldTransferNamesThatAreNotAscii() throws IOException {
        final String name = "äöü/語/😀";
        try {
            file(name, 10);
        } catch (final InvalidPathException e) {
            Assumptions.abort("file names are not UTF-8 here: " + e.getMessage());
        }
        try (FileClient client = connect()) {
            client.put(SourceTree.of(source).files(), collector);
        }
        assertEquals(Map.of(), collector.errors());
        assertEquals(-1, Files.mismatch(source.resolve(name), served.resolve(name)));
    }

    @Test
    void shouldReplaceFilesAndReadThemIntoFiles() throws IOException {
        Files.writeString(served.resolve("x"), "old, and longer than what comes");
        file("x", 10);
        final Path back = source.resolve("back");
        try (FileClient client = connect()) {
            client.put(List.of(new SourceFile("x", source.resolve("x"), 10)), collector);
            client.get(List.of(new FileRequest("x", back)), collector);
        }
        assertEquals(Map.of(), collector.errors());
        assertArrayEquals(Files.readAllBytes(source.resolve("x")), Files.readAllBytes(back));
        assertNothingUnfinished(source);
    }

    @Test
    void shouldRefusePathsThatLeadOut(@TempDir final Path elsewhere) throws IOException {
        final Path x = file("x", 10);
        Files.createSymbolicLink(served.resolve("link"), elsewhere);
        try (FileClient client = connect()) {
            client.put(
                    List.of(
                            new SourceFile("../x", x, 10),
                            new SourceFile("/x", x, 10),
                            new SourceFile("link/x", x, 10),
                            new SourceFile("good", x, 10)),
                    collector);
            assertEquals(4, collector.outcomes.size());
            assertEquals(3, collector.errors().size());
            assertNull(collector.error("good"));
            collector.outcomes.clear();
            client.get(
                    List.of(
                            new FileRequest("../" + served.getFileName() + "/good", null),
                            new FileRequest("link", null),
                            new FileRequest("no such file", null)),
                    collector);
            assertEquals(3, collector.errors().size());
            assertEquals("no such file: no such file", collector.error("no such file"));
        }
        try (Stream<Path> files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldReportErrorsOfTheTarget() throws IOException {
        final Path x = file("x", 10);
        Files.writeString(served.resolve("file"), "not a directory");
        Files.createDirectory(served.resolve("directory"));
        try (FileClient client = connect()) {
            client.put(
                    List.of(
                            new SourceFile("file/x", x, 10),
                            new SourceFile("directory", x, 10),
                            new SourceFile("n".repeat(300), x, 10),
                            new SourceFile("n/".repeat(5000) + "n", x, 10),
                            new SourceFile("good", x, 10)),
                    collector);
        }
        assertEquals(4, collector.errors().size());
        assertNull(collector.error("good"));
        assertEquals("is a directory here: directory", collector.error("directory"));
        assertNothingUnfinished(served);
    }

    @Test
    void shouldReportSourcesThatCannotBeRead() throws IOException {
        try (FileClient client = connect()) {
            client.put(List.of(new SourceFile("x", source.resolve("none"), 10)), collector);
        }
        assertNotNull(collector.error("x"));
        assertNothingUnfinished(served);
    }

    @Test
    void shouldServeClientsThatComeAndGo() throws Exception {
        file("x", 100_000);
        for (int i = 0; i < 5; i++) {
            try (FileClient client = connect()) {
                client.put(SourceTree.of(source).files(), collector);
                assertEquals(1, client.statistics().files());
            }
            assertTrue(awaitLog("has gone: 1 files, 100000 bytes"));
        }
    }

    @Test
    void shouldNoticeThatTheServerIsGone() throws Exception {
        file("x", 8 * Protocol.CHUNK);
        try (FileClient client = connect()) {
            target.close();
            final PeerLostException lost =
                    assertThrows(
                            PeerLostException.class,
                            () -> client.put(SourceTree.of(source).files(), collector));
            final String message = lost.getMessage();
            assertTrue(message.contains(target.id().toString()), message);
            assertTrue(message.contains("UNDELIVERABLE"), message);
            assertFalse(message.contains("did not end"), message);
        }
    }

    @Test
    void shouldCleanUpAfterClientsThatVanish() throws Exception {
        final FileClient client = connect();
        final Path x = file("x", 16 * Protocol.CHUNK);
        final Thread putting =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        assertThrows(
                                                RuntimeException.class,
                                                () ->
                                                        client.put(
                                                                List.of(new SourceFile("x", x, 1)),
                                                                new CloseOnFirstBytes())));
        putting.join();
        assertTrue(awaitLog("lost the client " + initiator.id()));
        assertNothingUnfinished(served);
        assertFalse(Files.exists(served.resolve("x")));

        try (Portals other = Portals.open(context());
                NetworkInterface otherNi = other.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                FileClient again = FileClient.connect(otherNi, target.id(), TIMEOUT)) {
            again.put(SourceTree.of(source).files(), collector);
        }
        assertEquals(Map.of(), collector.errors());
    }

    @Test
    void shouldSayThatNobodyServes() {
        try (Portals idle = Portals.open(context());
                NetworkInterface idleNi = idle.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            assertEquals(InterfaceKind.MATCHING_PHYSICAL, idleNi.kind());
            final TransferException e =
                    assertThrows(
                            TransferException.class,
                            () -> FileClient.connect(ni, idle.id(), TIMEOUT));
            assertTrue(String.valueOf(e.getMessage()).contains("no file server answers at"));
        }
    }

    private static Portals.Context context() {
        return new Portals.Context()
                .peerTimeoutNs(TimeUnit.SECONDS.toNanos(1))
                .connectTimeoutNs(TimeUnit.SECONDS.toNanos(2))
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(200));
    }

    private FileClient connect() {
        return FileClient.connect(ni, target.id(), TIMEOUT);
    }

    private Path file(final String name, final int size) throws IOException {
        final Path file = source.resolve(name);
        final Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        final byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(file, bytes);
    }

    private boolean awaitLog(final String part) throws InterruptedException {
        for (String line = log.poll(20, TimeUnit.SECONDS);
                line != null;
                line = log.poll(20, TimeUnit.SECONDS)) {
            if (line.contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static void assertNothingUnfinished(final Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertEquals(
                    List.of(),
                    files.filter(f -> f.toString().contains(SafeName.PART_MARK)).toList());
        }
    }

    /** Keeps everything. */
    private static class Collector implements TransferListener {
        private final Map<String, FileOutcome> outcomes = new LinkedHashMap<>();
        private long bytes;

        @Override
        public void onBytes(final long count) {
            bytes += count;
        }

        @Override
        public void onFile(final FileOutcome outcome) {
            outcomes.put(outcome.name(), outcome);
        }

        Map<String, String> errors() {
            final Map<String, String> errors = new LinkedHashMap<>();
            outcomes.forEach(
                    (name, outcome) -> {
                        if (outcome.error() != null) {
                            errors.put(name, outcome.error());
                        }
                    });
            return errors;
        }

        @Nullable String error(final String name) {
            final FileOutcome outcome = outcomes.get(name);
            assertNotNull(outcome, name);
            return outcome.error();
        }
    }

    /** Takes the instance away in the middle of a transfer. */
    private final class CloseOnFirstBytes implements TransferListener {
        @Override
        public void onBytes(final long count) {
            initiator.close();
        }

        @Override
        public void onFile(final FileOutcome outcome) {}
    }
}

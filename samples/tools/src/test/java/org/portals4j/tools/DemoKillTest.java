package org.portals4j.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo as its user runs it: real processes, of which one is killed in the middle. */
final class DemoKillTest {
    private static final int FILES = 8;
    private static final int FILE_BYTES = 24 << 20;
    private static final long WAIT_SECONDS = 60;
    private static final Pattern PROCESS = Pattern.compile("(\\w+) +process (\\d+) .*");
    private static final Pattern DIRECTORY = Pattern.compile("driver +process \\d+ in (.*)");

    @TempDir private static Path tree;

    @BeforeAll
    static void fillTree() throws IOException {
        final byte[] bytes = new byte[FILE_BYTES];
        for (int i = 0; i < FILES; i++) {
            bytes[i] = (byte) (i + 1);
            Files.write(tree.resolve("file" + i), bytes);
        }
    }

    private static ChildProcess demo(final String transport) throws IOException {
        return ChildProcess.start(
                "demo", List.of("demo", "--transport", transport, "--dir", tree.toString()));
    }

    private static Matcher await(final ChildProcess demo, final Pattern pattern, final String start)
            throws InterruptedException {
        final String line =
                demo.awaitLine(
                        l -> l.startsWith(start) && pattern.matcher(l).matches(), WAIT_SECONDS);
        assertNotNull(line, () -> "no line '" + start + "...':" + demo.output());
        final Matcher matcher = pattern.matcher(line);
        assertTrue(matcher.matches());
        return matcher;
    }

    @ParameterizedTest
    @CsvSource({"target,ipc", "initiator,ipc", "driver,ipc", "target,udp"})
    void shouldNameWhoWasKilledAndLeaveNothing(final String victim, final String transport)
            throws IOException, InterruptedException {
        try (ChildProcess demo = demo(transport)) {
            final Path directory = Path.of(await(demo, DIRECTORY, "driver").group(1));
            final List<ProcessHandle> processes = new ArrayList<>();
            ProcessHandle killed = null;
            for (final String role : List.of("driver", "target", "initiator")) {
                final long pid = Long.parseLong(await(demo, PROCESS, role).group(2));
                final ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
                processes.add(handle);
                if (role.equals(victim)) {
                    killed = handle;
                }
            }
            assertNotNull(killed);
            assertNotNull(
                    demo.awaitLine(line -> line.startsWith("put "), WAIT_SECONDS), demo::output);

            assertTrue(killed.destroyForcibly());

            assertTrue(demo.awaitEnd(WAIT_SECONDS), demo::output);
            assertEquals(1, demo.exitCode(), demo::output);
            final String told =
                    "the "
                            + (victim.equals("driver") ? "media driver" : victim)
                            + " (process "
                            + killed.pid()
                            + ") was killed by signal 9";
            assertNotNull(demo.awaitLine(line -> line.contains(told), WAIT_SECONDS), demo::output);
            for (final ProcessHandle process : processes) {
                assertFalse(
                        process.isAlive(), () -> "left behind: " + process.pid() + demo.output());
            }
            assertFalse(Files.exists(directory), () -> "left behind: " + directory);
        }
    }

    @Test
    void shouldMoveATreeBetweenProcesses() throws IOException, InterruptedException {
        try (ChildProcess demo = demo("ipc")) {
            assertTrue(demo.awaitEnd(WAIT_SECONDS), demo::output);
            assertEquals(0, demo.exitCode(), demo::output);
            assertNotNull(
                    demo.awaitLine(line -> line.contains("equal in every file"), WAIT_SECONDS),
                    demo::output);
        }
    }
}

package org.portals4j.engine.atomic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** What gcc on x86-64 makes of a case: compiles {@code reference.c} and runs it. */
final class CReference {
    private CReference() {}

    /** Whether there is a gcc whose long double is the 80-bit one. */
    static boolean isThere() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return false;
        }
        try {
            return new ProcessBuilder("gcc", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (final IOException e) {
            return false;
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The results, 32 bytes each. */
    static byte[] run(final Path directory, final byte[] cases)
            throws IOException, InterruptedException {
        final Path source = directory.resolve("reference.c");
        try (InputStream in = CReference.class.getResourceAsStream("reference.c")) {
            Files.copy(Objects.requireNonNull(in), source);
        }
        final Path program = directory.resolve("reference");
        final Process gcc =
                new ProcessBuilder(
                                "gcc",
                                "-std=gnu11",
                                "-O2",
                                "-o",
                                program.toString(),
                                source.toString())
                        .redirectErrorStream(true)
                        .start();
        final String words =
                new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, gcc.waitFor(), words);
        final Process reference = new ProcessBuilder(program.toString()).start();
        final AtomicReference<IOException> failure = new AtomicReference<>();
        final Thread feeder =
                new Thread(
                        () -> {
                            try (OutputStream to = reference.getOutputStream()) {
                                to.write(cases);
                            } catch (final IOException e) {
                                failure.set(e);
                            }
                        });
        feeder.start();
        final byte[] results = reference.getInputStream().readAllBytes();
        feeder.join();
        assertEquals(0, reference.waitFor(), () -> "reference: " + failure.get());
        return results;
    }
}

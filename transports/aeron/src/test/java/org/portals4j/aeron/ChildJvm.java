package org.portals4j.aeron;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM with the class path of the tests; killed when closed. */
final class ChildJvm implements AutoCloseable {
    static final List<String> FLAG =
            List.of("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED");

    private final Process process;
    private final BufferedReader output;

    ChildJvm(final List<String> flags, final Class<?> main, final String... arguments)
            throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Xmx128m");
        command.addAll(flags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line of output that begins so; fails at its end. */
    String line(final String begin) throws IOException {
        final StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(begin)) {
                return line.substring(begin.length());
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("no line " + begin + " in\n" + seen);
    }

    /** Ends it as kill -9 does and waits until it is gone. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the child JVM does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}

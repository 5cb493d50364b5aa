package org.portals4j.tools;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A {@code portals} command in a JVM of its own, with this one's class path and flags. Its input is
 * a pipe from here: the command should end when the pipe does.
 */
public final class ChildProcess implements AutoCloseable {
    private static final int KEPT_LINES = 200;
    private static final long STOP_SECONDS = 15;
    private static final int SIGNAL_BASE = 128;

    private final String role;
    private final Process process;
    private final ArrayDeque<String> lines = new ArrayDeque<>(); // guarded by itself
    private boolean outputEnded; // guarded by lines

    private ChildProcess(final String role, final Process process) {
        this.role = role;
        this.process = process;
    }

    /**
     * Starts a command whose output is kept here.
     *
     * @param role what it is called in messages
     * @param arguments its command line, without {@code portals}
     * @return the process
     * @throws IOException if it cannot be started
     */
    public static ChildProcess start(final String role, final List<String> arguments)
            throws IOException {
        final ProcessBuilder builder = builder(arguments).redirectErrorStream(true);
        final ChildProcess child = new ChildProcess(role, builder.start());
        Thread.ofPlatform()
                .daemon()
                .name("portals-output-" + role)
                .start(() -> child.read(child::keep));
        return child;
    }

    /** Starts a command that writes to our own output. */
    static ChildProcess startInForeground(final String role, final List<String> arguments)
            throws IOException {
        final ProcessBuilder builder =
                builder(arguments)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        return new ChildProcess(role, builder.start());
    }

    /**
     * Its process id.
     *
     * @return the operating system's number
     */
    public long pid() {
        return process.pid();
    }

    /** Whether it runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for a line of output.
     *
     * @param wanted which
     * @param seconds how long at most
     * @return the line, or null if the time is over or the process has ended
     * @throws InterruptedException if the thread is interrupted
     */
    public @Nullable String awaitLine(final Predicate<String> wanted, final long seconds)
            throws InterruptedException {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        synchronized (lines) {
            while (true) {
                for (final String line : lines) {
                    if (wanted.test(line)) {
                        return line;
                    }
                }
                final long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (outputEnded || left <= 0) {
                    return null;
                }
                lines.wait(left);
            }
        }
    }

    /**
     * What it has written lately.
     *
     * @return lines, indented
     */
    public String output() {
        synchronized (lines) {
            return lines.stream()
                    .map(line -> System.lineSeparator() + "    " + line)
                    .collect(Collectors.joining());
        }
    }

    /**
     * Writes a line to its input.
     *
     * @param line without an end
     * @throws IOException if it has ended
     */
    public void write(final String line) throws IOException {
        final OutputStream input = process.getOutputStream();
        input.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Waits for the end; false if the time is over. */
    boolean awaitEnd(final long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    /** How it ended, in words. */
    String fate() {
        final int code = process.exitValue();
        return role
                + " (process "
                + pid()
                + ") "
                + (code > SIGNAL_BASE
                        ? "was killed by signal " + (code - SIGNAL_BASE)
                        : "ended with exit code " + code);
    }

    /** Asks it to end, insists after a while, and waits until it is gone. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (final InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static ProcessBuilder builder(final List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(inheritedFlags());
        command.add("-cp");
        command.add(absoluteClassPath());
        command.add(PortalsCommand.class.getName());
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /** Not agents and debuggers: they want a port or a file of their own. */
    private static List<String> inheritedFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> !flag.startsWith("-agent") && !flag.startsWith("-javaagent"))
                .toList();
    }

    private static String absoluteClassPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void keep(final String line) {
        synchronized (lines) {
            if (lines.size() == KEPT_LINES) {
                lines.remove();
            }
            lines.add(line);
            lines.notifyAll();
        }
    }

    private void read(final Consumer<String> sink) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                sink.accept(line);
            }
        } catch (final IOException e) {
            sink.accept("(its output cannot be read: " + e.getMessage() + ")");
        } finally {
            synchronized (lines) {
                outputEnded = true;
                lines.notifyAll();
            }
        }
    }
}

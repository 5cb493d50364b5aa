package org.portals4j.tools;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo between processes: starts media driver, target and initiator, waits for the initiator,
 * tells who died if one did, and leaves nothing behind however it ends.
 */
final class DemoProcesses {
    private static final long START_SECONDS = 30;
    private static final long NOTICE_SECONDS = 10;
    private static final String NODE = "127.0.0.1";
    private static final Pattern ADDRESS = Pattern.compile("target (\\S+:\\d+) serves .*");
    private static final Pattern CLIENT = Pattern.compile("client (\\S+:\\d+) has come");

    private final Path source;
    private final long sizeLimit;
    private final Transport transport;
    private final int timeoutSeconds;
    private final PrintWriter out;

    DemoProcesses(
            final Path source,
            final long sizeLimit,
            final Transport transport,
            final int timeoutSeconds,
            final PrintWriter out) {
        this.source = source.toAbsolutePath();
        this.sizeLimit = sizeLimit;
        this.transport = transport;
        this.timeoutSeconds = timeoutSeconds;
        this.out = out;
    }

    /**
     * Runs the demo.
     *
     * @throws CommandException if it did not succeed, with the reason
     */
    void run() throws IOException, InterruptedException {
        final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        final Thread main = Thread.currentThread();
        try (Shutdown _ = new Shutdown(main::interrupt);
                WorkDirectory memory =
                        new WorkDirectory(WorkDirectory.inMemory(), "portals-demo-");
                WorkDirectory store = new WorkDirectory(temporary, "portals-demo-")) {
            final Path driverDirectory = memory.path();
            try (ChildProcess driver = startDriver(driverDirectory);
                    ChildProcess target = startTarget(driverDirectory, store.path())) {
                final String address = addressOf(target);
                say("driver     process " + driver.pid() + " in " + driverDirectory);
                say("target     process " + target.pid() + " is " + address);
                try (ChildProcess initiator = startInitiator(driverDirectory, address)) {
                    await(driver, target, address, initiator);
                }
            }
        }
    }

    private ChildProcess startDriver(final Path directory)
            throws IOException, InterruptedException {
        final ChildProcess driver =
                ChildProcess.start(
                        "the media driver",
                        List.of("driver", "--dir", directory.toString(), "--exit-with-parent"));
        awaitReady(driver, line -> line.startsWith("media driver in "));
        return driver;
    }

    private ChildProcess startTarget(final Path driverDirectory, final Path store)
            throws IOException, InterruptedException {
        final List<String> arguments = new ArrayList<>();
        arguments.addAll(
                List.of("target", "--exit-with-parent", "--temporary", "--dir", store.toString()));
        arguments.addAll(connection(driverDirectory));
        final ChildProcess target = ChildProcess.start("the target", arguments);
        awaitReady(target, line -> ADDRESS.matcher(line).matches());
        return target;
    }

    private ChildProcess startInitiator(final Path driverDirectory, final String address)
            throws IOException {
        final List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("demo-initiator", address, "--dir", source.toString()));
        arguments.addAll(List.of("--size-limit", Long.toString(sizeLimit)));
        arguments.addAll(connection(driverDirectory));
        return ChildProcess.startInForeground("the initiator", arguments);
    }

    private List<String> connection(final Path driverDirectory) {
        return List.of(
                "--transport",
                transport.toString(),
                "--aeron-dir",
                driverDirectory.toString(),
                "--nid",
                NODE);
    }

    /** Ends a child that does not come up; others are ended by the caller's blocks. */
    private static void awaitReady(final ChildProcess child, final Predicate<String> ready)
            throws InterruptedException {
        boolean up = false;
        try {
            up = child.awaitLine(ready, START_SECONDS) != null;
        } finally {
            if (!up) {
                child.close();
            }
        }
        if (!up) {
            throw new CommandException(child.fate() + " before it was ready:" + child.output());
        }
    }

    private static String addressOf(final ChildProcess target) throws InterruptedException {
        final String line = target.awaitLine(text -> ADDRESS.matcher(text).matches(), 0);
        return group(ADDRESS, line == null ? "" : line);
    }

    private void await(
            final ChildProcess driver,
            final ChildProcess target,
            final String address,
            final ChildProcess initiator)
            throws InterruptedException {
        if (!initiator.awaitEnd(timeoutSeconds)) {
            throw new CommandException("not finished after " + timeoutSeconds + " s, giving up");
        }
        if (initiator.exitCode() == 0) {
            return;
        }
        final List<String> reasons = new ArrayList<>();
        if (!driver.isAlive()) {
            reasons.add(driver.fate());
        }
        if (!target.isAlive()) {
            reasons.add(target.fate() + ", it was " + address);
        } else if (initiator.exitCode() != 1) {
            reasons.add(initiator.fate() + whatTheTargetSays(target));
        }
        if (reasons.isEmpty()) {
            reasons.add("the initiator failed");
        }
        throw new CommandException(String.join("; ", reasons));
    }

    /** The target is given time to notice that its client is gone. */
    private static String whatTheTargetSays(final ChildProcess target) throws InterruptedException {
        final String come = target.awaitLine(line -> CLIENT.matcher(line).matches(), 0);
        if (come == null) {
            return ", it had not reached the target";
        }
        final String gone =
                target.awaitLine(line -> line.startsWith("lost the client"), NOTICE_SECONDS);
        return ", it was "
                + group(CLIENT, come)
                + "; the target says: "
                + (gone == null ? "nothing within " + NOTICE_SECONDS + " s" : gone);
    }

    private static String group(final Pattern pattern, final String line) {
        final Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? matcher.group(1) : "?";
    }

    private void say(final String line) {
        out.println(line);
        out.flush();
    }
}

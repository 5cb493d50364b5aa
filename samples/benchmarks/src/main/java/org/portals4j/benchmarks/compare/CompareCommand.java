package org.portals4j.benchmarks.compare;

import io.aeron.Aeron;

import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;
import org.portals4j.Portals;
import org.portals4j.tools.ChildProcess;
import org.portals4j.tools.CommandException;
import org.portals4j.tools.WorkDirectory;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code portals perf compare}. */
@Command(
        name = "compare",
        description =
                "Measures Portals4J and the raw transport below it, interleaved in one run, and"
                        + " tells the ratios.",
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    private static final List<String> TRANSPORTS = List.of("ipc", "udp", "loopback");
    private static final int QUICK_ROUNDS = 6;
    private static final int DEFAULT_ROUNDS = 20;
    private static final long START_SECONDS = 30;

    @Option(
            names = "--transport",
            required = true,
            paramLabel = "NAME",
            description = "ipc, udp or loopback.")
    private String transport = "";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there, too.")
    private @Nullable Path json;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of a turn each. Default: 20, with --quick 6.")
    private int rounds;

    @Option(names = "--quick", description = "Measure little: tells that it works, not how fast.")
    private boolean quick;

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Made by picocli. */
    public CompareCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        final PrintWriter out = spec.commandLine().getOut();
        final Report report = new Report(transport);
        final double before = MachineLoad.print("before", out);
        if (transport.equals("loopback")) {
            final Profile profile = new Profile(transport, "", 0, 0, 0, 0, 0, 0);
            try (PongControl pong = PongControl.thread()) {
                run(report, pong, profile, out);
            }
        } else {
            try (WorkDirectory memory =
                            new WorkDirectory(WorkDirectory.inMemory(), "portals-perf-");
                    ChildProcess _ = startDriver(memory.path());
                    PongControl pong = PongControl.process()) {
                run(report, pong, profile(memory.path()), out);
            }
        }
        out.println();
        report.print(out);
        MachineLoad.print("after", out);
        MachineLoad.warn(before, out);
        if (json != null) {
            Files.writeString(json, report.json());
        }
        return 0;
    }

    private void check() {
        if (!TRANSPORTS.contains(transport)) {
            throw new ParameterException(spec.commandLine(), "--transport is one of " + TRANSPORTS);
        }
        if (rounds < 0) {
            throw new ParameterException(spec.commandLine(), "--rounds is at least 1");
        }
        if (rounds == 0) {
            rounds = quick ? QUICK_ROUNDS : DEFAULT_ROUNDS;
        }
        final Path parent = json == null ? null : json.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new ParameterException(spec.commandLine(), "'" + parent + "' is not a directory");
        }
    }

    private void run(
            final Report report,
            final PongControl pong,
            final Profile profile,
            final PrintWriter out) {
        layout(profile, out);
        final Turn.Counts counts = Turn.Counts.of(transport, quick);
        round(0, pong, profile, counts);
        for (int i = 1; i <= rounds; i++) {
            final Map<Side, Map<Metric, Double>> round = round(i, pong, profile, counts);
            report.add(
                    round.getOrDefault(Side.OURS, Map.of()),
                    round.getOrDefault(Side.RAW, Map.of()));
            out.print(i % 10 == 0 || i == rounds ? i + "\n" : ".");
            out.flush();
        }
    }

    /** Who goes first alternates. */
    private static Map<Side, Map<Metric, Double>> round(
            final int number,
            final PongControl pong,
            final Profile profile,
            final Turn.Counts counts) {
        final Side first = number % 2 == 0 ? Side.OURS : Side.RAW;
        final Side second = first == Side.OURS ? Side.RAW : Side.OURS;
        final Map<Metric, Double> firstTurn = new Turn(pong, profile, counts).run(first);
        return Map.of(first, firstTurn, second, new Turn(pong, profile, counts).run(second));
    }

    private void layout(final Profile profile, final PrintWriter out) {
        out.println(
                "Portals4J "
                        + version(Portals.class)
                        + ", Aeron "
                        + version(Aeron.class)
                        + ", Agrona "
                        + version(Agent.class)
                        + ", Java "
                        + Runtime.version()
                        + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " cores");
        out.println("both sides: " + profile + "; yielding idle strategy");
        if (transport.equals("loopback")) {
            out.println("ours: 2 instances in this process, each: 1 caller, 1 progress thread");
            out.println("raw:  2 OneToOneRingBuffers, 2 threads");
        } else {
            out.println("1 MiB, both sides: " + profile.bulk());
            out.println("processes: media driver (1 thread), ping, pong; one side open at a time");
            out.println(
                    "ours: caller, progress thread and Aeron conductor, at each end; counters, no"
                            + " full events");
            out.println("raw:  caller and Aeron conductor, at each end; FragmentAssembler");
        }
        out.flush();
    }

    private static String version(final Class<?> type) {
        final String version = type.getPackage().getImplementationVersion();
        return version == null ? "?" : version;
    }

    private Profile profile(final Path driverDirectory) throws IOException {
        try (DatagramSocket ping = new DatagramSocket();
                DatagramSocket pong = new DatagramSocket()) {
            final boolean udp = transport.equals("udp");
            return new Profile(
                    transport,
                    driverDirectory.toString(),
                    Profile.MTU,
                    udp ? Profile.UDP_TERM : Profile.IPC_TERM,
                    Profile.SOCKET_BUFFER,
                    Profile.SOCKET_BUFFER,
                    ping.getLocalPort(),
                    pong.getLocalPort());
        }
    }

    private ChildProcess startDriver(final Path directory)
            throws IOException, InterruptedException {
        final ChildProcess driver =
                ChildProcess.start(
                        "the media driver",
                        List.of(
                                "driver",
                                "--exit-with-parent",
                                "--dir",
                                directory.toString(),
                                "--idle",
                                transport.equals("udp") ? "adaptive" : "backoff"));
        if (driver.awaitLine(line -> line.startsWith("media driver in "), START_SECONDS) == null) {
            driver.close();
            throw new CommandException("the media driver does not start:" + driver.output());
        }
        return driver;
    }
}

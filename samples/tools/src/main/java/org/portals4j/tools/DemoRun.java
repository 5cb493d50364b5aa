package org.portals4j.tools;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.tools.files.FileClient;
import org.portals4j.tools.files.FileOutcome;
import org.portals4j.tools.files.FileRequest;
import org.portals4j.tools.files.SourceFile;
import org.portals4j.tools.files.SourceTree;
import org.portals4j.tools.files.Statistics;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The initiator's part of the demo: put a tree, get it back, compare, measure, tell. */
final class DemoRun {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int SAMPLES = 20_000;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final int MAX_DIFFERENCES = 10;
    private static final double MICRO = 1e3;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double P999 = 99.9;

    private final SourceTree tree;
    private final PrintWriter out;

    DemoRun(final SourceTree tree, final PrintWriter out) {
        this.tree = tree;
        this.out = out;
    }

    /**
     * Runs the demo against a file server.
     *
     * @throws CommandException if a file differs
     */
    void run(final Portals portals, final ProcessId target) {
        try (NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                FileClient client = FileClient.connect(ni, target, TIMEOUT)) {
            final Progress put = Progress.of("put", tree.bytes(), out);
            client.put(tree.files(), put);
            final long putDataNs = client.dataNs();
            final Progress get = Progress.of("get", tree.bytes(), out);
            client.get(requests(), get);
            final long getDataNs = client.dataNs() - putDataNs;
            compare(put, get);
            final Histogram latency = new Histogram(SIGNIFICANT_DIGITS);
            client.latency(SAMPLES, latency::recordValue);
            final Statistics peer = client.statistics();
            out.println();
            row("files", String.format(Locale.ROOT, "%,d", tree.files().size()));
            row("bytes", String.format(Locale.ROOT, "%,d", tree.bytes()));
            speed(put, putDataNs);
            speed(get, getDataNs);
            row(
                    "8-byte put to ACK event",
                    String.format(
                            Locale.ROOT,
                            "p50 %.2f us, p99 %.2f us, p99.9 %.2f us  (%,d puts)",
                            latency.getValueAtPercentile(P50) / MICRO,
                            latency.getValueAtPercentile(P99) / MICRO,
                            latency.getValueAtPercentile(P999) / MICRO,
                            latency.getTotalCount()));
            row(
                    "events",
                    String.format(
                            Locale.ROOT,
                            "%,d at the initiator, %,d at the target",
                            client.events(),
                            peer.events()));
            row(
                    "drops",
                    String.format(
                            Locale.ROOT,
                            "%,d at the initiator, %,d at the target",
                            client.drops(),
                            peer.drops()));
            row("SHA-256", "equal in every file: original, at the target, read back");
            out.flush();
        }
    }

    private List<FileRequest> requests() {
        return tree.files().stream().map(file -> new FileRequest(file.name(), null)).toList();
    }

    /** The target's own checksums were compared by the client; here source and what came back. */
    private void compare(final Progress put, final Progress get) {
        int differences = 0;
        for (final SourceFile file : tree.files()) {
            final FileOutcome sent = put.outcomes().get(file.name());
            final FileOutcome back = get.outcomes().get(file.name());
            final String problem = problem(sent, back);
            if (problem != null && differences++ < MAX_DIFFERENCES) {
                out.println("  " + file.name() + ": " + problem);
            }
        }
        if (differences > 0) {
            out.flush();
            throw new CommandException(differences + " files differ or failed");
        }
    }

    private static @Nullable String problem(
            final @Nullable FileOutcome sent, final @Nullable FileOutcome back) {
        if (sent == null || back == null) {
            return "was not moved";
        }
        if (sent.error() != null) {
            return "put: " + sent.error();
        }
        if (back.error() != null) {
            return "get: " + back.error();
        }
        return sent.sha256().equals(back.sha256())
                ? null
                : "checksum " + sent.sha256() + " came back as " + back.sha256();
    }

    private void speed(final Progress progress, final long dataNs) {
        row(
                progress.verb(),
                String.format(
                        Locale.ROOT,
                        "%s while data is under way, %s with files and checksums (%.2f s)",
                        Sizes.rate(progress.bytes(), dataNs),
                        Sizes.rate(progress.bytes(), progress.elapsedNs()),
                        progress.elapsedNs() / (double) TimeUnit.SECONDS.toNanos(1)));
    }

    private void row(final String name, final String value) {
        out.printf("  %-24s %s%n", name, value);
    }
}

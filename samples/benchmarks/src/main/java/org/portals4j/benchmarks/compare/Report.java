package org.portals4j.benchmarks.compare;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects rounds and tells the result. */
final class Report {
    private final String transport;
    private final List<Map<Metric, Double>> ours = new ArrayList<>();
    private final List<Map<Metric, Double>> raw = new ArrayList<>();

    Report(final String transport) {
        this.transport = transport;
    }

    void add(final Map<Metric, Double> oursTurn, final Map<Metric, Double> rawTurn) {
        ours.add(oursTurn);
        raw.add(rawTurn);
    }

    Map<Metric, Ratio> ratios() {
        final Map<Metric, Ratio> ratios = new EnumMap<>(Metric.class);
        for (final Metric metric : Metric.values()) {
            ratios.put(metric, Ratio.of(values(ours, metric), values(raw, metric)));
        }
        return ratios;
    }

    void print(final PrintWriter out) {
        out.printf(
                "%-26s %12s %12s   %s%n",
                "median of " + ours.size() + " rounds", "ours", "raw", "ours/raw (95 % interval)");
        ratios().forEach(
                        (metric, ratio) ->
                                out.printf(
                                        Locale.ROOT,
                                        "%-26s %12s %12s   %.2f (%.2f to %.2f)%s%n",
                                        metric.text(),
                                        metric.format(ratio.ours()),
                                        metric.format(ratio.raw()),
                                        ratio.ratio(),
                                        ratio.low(),
                                        ratio.high(),
                                        metric.isTime() ? ", less is better" : ""));
        out.flush();
    }

    String json() {
        final StringBuilder text = new StringBuilder("[");
        ratios().forEach(
                        (metric, ratio) -> {
                            text.append(text.length() == 1 ? "\n" : ",\n");
                            text.append(row(metric, ratio));
                        });
        return text.append("\n]\n").toString();
    }

    private String row(final Metric metric, final Ratio ratio) {
        return String.format(
                Locale.ROOT,
                "  {\"transport\": \"%s\", \"metric\": \"%s\", \"bytes\": %d, \"ack\": \"%s\","
                        + " \"ours\": %.1f, \"raw\": %.1f, \"ratio\": %.4f, \"ratio_low\": %.4f,"
                        + " \"ratio_high\": %.4f, \"rounds\": %d}",
                transport,
                metric.json(),
                metric.bytes(),
                metric.ack(),
                ratio.ours(),
                ratio.raw(),
                ratio.ratio(),
                ratio.low(),
                ratio.high(),
                ours.size());
    }

    private static double[] values(final List<Map<Metric, Double>> turns, final Metric metric) {
        return turns.stream().mapToDouble(turn -> turn.getOrDefault(metric, Double.NaN)).toArray();
    }
}

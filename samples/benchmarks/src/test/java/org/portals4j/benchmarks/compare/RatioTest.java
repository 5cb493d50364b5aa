package org.portals4j.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

class RatioTest {
    /** The ranks of the usual tables, minus one. */
    @ParameterizedTest
    @CsvSource({
        "1, 0", "5, 0", "6, 0", "8, 0", "9, 1", "10, 1", "15, 3", "20, 5", "30, 9", "50, 17"
    })
    void shouldCutAsManyAsTheTablesSay(final int n, final int rank) {
        assertEquals(rank, Ratio.lowerRank(n));
    }

    @Test
    void shouldPairRounds() {
        final double[] raw = {1, 2, 4, 8, 16};
        final double[] ours = Arrays.stream(raw).map(value -> value * 3).toArray();
        assertEquals(new Ratio(12, 4, 3, 3, 3), Ratio.of(ours, raw));
    }

    @Test
    void shouldTakeTheMiddle() {
        assertEquals(2.5, Ratio.median(new double[] {4, 1, 3, 2}));
        assertEquals(3, Ratio.median(new double[] {9, 1, 3}));
    }

    @Test
    void shouldWriteRows() {
        final Report report = new Report("ipc");
        final Map<Metric, Double> ours = new EnumMap<>(Metric.class);
        final Map<Metric, Double> raw = new EnumMap<>(Metric.class);
        for (final Metric metric : Metric.values()) {
            ours.put(metric, 3.0);
            raw.put(metric, 2.0);
        }
        report.add(ours, raw);
        final String json = report.json();
        assertTrue(
                json.contains(
                        "{\"transport\": \"ipc\", \"metric\": \"half_rtt_ns_p50\", \"bytes\": 8,"
                            + " \"ack\": \"no_ack\", \"ours\": 3.0, \"raw\": 2.0, \"ratio\":"
                            + " 1.5000, \"ratio_low\": 1.5000, \"ratio_high\": 1.5000, \"rounds\":"
                            + " 1}"),
                json);
        assertEquals(5, json.lines().filter(line -> line.contains("transport")).count());
    }

    @Test
    void shouldTravelAsOneWord() {
        final Profile profile = new Profile("udp", "/dev/shm/a,b", 1, 2, 3, 4, 5, 6);
        assertEquals(profile, Profile.decode(profile.encode()));
        assertEquals(-1, profile.encode().indexOf(' '));
    }
}

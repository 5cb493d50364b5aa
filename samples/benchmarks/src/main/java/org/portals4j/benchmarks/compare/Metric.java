package org.portals4j.benchmarks.compare;

import java.util.Locale;

/** What is compared. */
enum Metric {
    /** Median of half round trips. */
    HALF_RTT_P50("half_rtt_ns_p50", Ping.ECHO_BYTES, "no_ack", "8 B half round trip, p50"),
    /** 99th percentile of half round trips. */
    HALF_RTT_P99("half_rtt_ns_p99", Ping.ECHO_BYTES, "no_ack", "8 B half round trip, p99"),
    /** Messages a second, unacknowledged. */
    RATE_NO_ACK("rate_msgs_per_s", Ping.SMALL_BYTES, "no_ack", "32 B puts, NO_ACK"),
    /** Messages a second, each acknowledged; raw has no such thing. */
    RATE_OC_ACK("rate_msgs_per_s", Ping.SMALL_BYTES, "oc_ack", "32 B puts, OC_ACK"),
    /** Bytes a second in large messages. */
    BANDWIDTH("bandwidth_bytes_per_s", Ping.BULK_BYTES, "oc_ack", "1 MiB puts");

    private final String json;
    private final int bytes;
    private final String ack;
    private final String text;

    Metric(final String json, final int bytes, final String ack, final String text) {
        this.json = json;
        this.bytes = bytes;
        this.ack = ack;
        this.text = text;
    }

    String json() {
        return json;
    }

    int bytes() {
        return bytes;
    }

    String ack() {
        return ack;
    }

    String text() {
        return text;
    }

    boolean isTime() {
        return this == HALF_RTT_P50 || this == HALF_RTT_P99;
    }

    /** A value as people read it. */
    String format(final double value) {
        if (isTime()) {
            return String.format(Locale.ROOT, "%.2f us", value / 1e3);
        }
        return this == BANDWIDTH
                ? String.format(Locale.ROOT, "%.2f GB/s", value / 1e9)
                : String.format(Locale.ROOT, "%.2f M/s", value / 1e6);
    }
}

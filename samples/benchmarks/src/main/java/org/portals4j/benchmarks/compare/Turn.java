package org.portals4j.benchmarks.compare;

import org.portals4j.tools.CommandException;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** One turn of one side: opens both ends, warms up, measures, closes. */
final class Turn {
    private static final int WARMUP_DIVISOR = 5;
    private static final double NANOS = 1e9;

    private final PongControl pong;
    private final Profile profile;
    private final Counts counts;
    private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

    /** How much is measured in a turn. */
    record Counts(int echoes, int messages, int bulks) {
        /** Enough for a tenth of a second or more of each, on a machine of 2 cores. */
        static Counts of(final String transport, final boolean quick) {
            final Counts full =
                    transport.equals("udp")
                            ? new Counts(4_000, 200_000, 96)
                            : new Counts(20_000, 500_000, 256);
            return quick ? new Counts(full.echoes / 10, full.messages / 10, full.bulks / 8) : full;
        }
    }

    Turn(final PongControl pong, final Profile profile, final Counts counts) {
        this.pong = pong;
        this.profile = profile;
        this.counts = counts;
    }

    /** Measures one side. */
    Map<Metric, Double> run(final Side side) {
        try (Ping ping = open(side, profile)) {
            echo(ping);
            values.put(Metric.RATE_NO_ACK, rate(ping, false));
            values.put(
                    Metric.RATE_OC_ACK,
                    side == Side.OURS ? rate(ping, true) : values.get(Metric.RATE_NO_ACK));
            pong.send("close");
        }
        pong.awaitReply();
        try (Ping ping = open(side, profile.bulk())) {
            values.put(Metric.BANDWIDTH, bandwidth(ping));
            pong.send("close");
        }
        pong.awaitReply();
        return values;
    }

    private Ping open(final Side side, final Profile settings) {
        final String command = "open " + side.word() + " " + settings.encode() + " ";
        if (side == Side.RAW) {
            pong.ask(command + "-");
            return settings.transport().equals("loopback")
                    ? new RingEnd(RingEnd.TO_PING, RingEnd.TO_PONG)
                    : AeronEnd.open(settings, true);
        }
        final PortalsEnd end = PortalsEnd.open(settings);
        boolean opened = false;
        try {
            final Ping ping = end.ping(pong.ask(command + end.address()));
            opened = true;
            return ping;
        } finally {
            if (!opened) {
                end.close();
            }
        }
    }

    private void echo(final Ping ping) {
        final long[] warmup = new long[counts.echoes / WARMUP_DIVISOR];
        final long[] nanos = new long[counts.echoes];
        pong.send("echo " + (warmup.length + nanos.length));
        ping.echo(warmup);
        ping.echo(nanos);
        done();
        Arrays.sort(nanos);
        values.put(Metric.HALF_RTT_P50, nanos[nanos.length / 2] / 2.0);
        values.put(Metric.HALF_RTT_P99, nanos[(int) (nanos.length * 0.99)] / 2.0);
    }

    private double rate(final Ping ping, final boolean acknowledged) {
        final int warmup = counts.messages / WARMUP_DIVISOR;
        pong.send("drain " + warmup);
        ping.send(warmup, acknowledged);
        done();
        pong.send("drain " + counts.messages);
        final long start = System.nanoTime();
        ping.send(counts.messages, acknowledged);
        final long nanos = System.nanoTime() - start;
        done();
        return counts.messages * NANOS / nanos;
    }

    private double bandwidth(final Ping ping) {
        final int warmup = counts.bulks / WARMUP_DIVISOR;
        pong.send("drain " + warmup);
        ping.bulk(warmup);
        done();
        pong.send("drain " + counts.bulks);
        final long start = System.nanoTime();
        ping.bulk(counts.bulks);
        final long nanos = System.nanoTime() - start;
        done();
        return (double) counts.bulks * Ping.BULK_BYTES * NANOS / nanos;
    }

    private void done() {
        final String reply = pong.awaitReply();
        if (!reply.equals("done")) {
            throw new CommandException("pong end: unexpected reply: " + reply);
        }
    }
}

package org.portals4j.loopback;

import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Capabilities;

import java.util.random.RandomGenerator;

/**
 * How a {@link SimulatedFabric} behaves: times, sizes and the odds of faults.
 *
 * @param minDelayNs the shortest time that a frame travels, nanoseconds
 * @param maxDelayNs the longest time that a frame travels, nanoseconds
 * @param maxConnectDelayNs the longest time until the first claim of a peer can succeed,
 *     nanoseconds
 * @param minFrame the smallest {@code maxFrame} that an endpoint may have, bytes
 * @param maxFrame the largest {@code maxFrame} that an endpoint may have, bytes
 * @param framesInFlight frames on the way from one endpoint to another; more are BUSY
 * @param bytesInFlight bytes on the way from one endpoint to another; more are BUSY
 * @param refuseProbability how often a claim is BUSY although there is room
 * @param idleProbability how often a poll delivers nothing although something has arrived
 * @param writableProbability how often a poll tells onWritable where it could; and, a tenth as
 *     often, where there was no need
 * @param staleProbability how often frames to a killed endpoint arrive at its successor
 * @param cutProbability how often a healed partition has lost frames
 * @param relinkProbability how often a peer object of a killed endpoint comes to lead to its
 *     successor
 * @param downProbability how often the transport notices, at last, that an endpoint was killed
 * @param maxDownDelayNs the longest time that it takes to notice that an endpoint is gone,
 *     nanoseconds
 * @param namesSender whether frames arrive with the sender's peer object
 */
public record SimulationProfile(
        long minDelayNs,
        long maxDelayNs,
        long maxConnectDelayNs,
        int minFrame,
        int maxFrame,
        int framesInFlight,
        int bytesInFlight,
        double refuseProbability,
        double idleProbability,
        double writableProbability,
        double staleProbability,
        double cutProbability,
        double relinkProbability,
        double downProbability,
        long maxDownDelayNs,
        boolean namesSender) {
    /** A network without faults: some delay, large frames. */
    public static final SimulationProfile GENTLE = builder().build();

    /** Checks the numbers. */
    public SimulationProfile {
        check(minDelayNs >= 0 && maxDelayNs >= minDelayNs, "maxDelayNs", maxDelayNs);
        check(maxConnectDelayNs >= 0, "maxConnectDelayNs", maxConnectDelayNs);
        check(minFrame >= Capabilities.MIN_FRAME, "minFrame", minFrame);
        check(maxFrame >= minFrame, "maxFrame", maxFrame);
        check(framesInFlight >= 1, "framesInFlight", framesInFlight);
        check(bytesInFlight >= maxFrame, "bytesInFlight", bytesInFlight);
        check(maxDownDelayNs >= 0, "maxDownDelayNs", maxDownDelayNs);
        checkOdds(refuseProbability, "refuseProbability", 0.99);
        checkOdds(idleProbability, "idleProbability", 0.99);
        checkOdds(writableProbability, "writableProbability", 1);
        checkOdds(staleProbability, "staleProbability", 1);
        checkOdds(cutProbability, "cutProbability", 1);
        checkOdds(relinkProbability, "relinkProbability", 1);
        checkOdds(downProbability, "downProbability", 1);
    }

    /**
     * Draws anything from gentle to nasty.
     *
     * @param random where from
     * @return a profile
     */
    public static SimulationProfile random(final RandomGenerator random) {
        final double nastiness = random.nextDouble();
        final int minFrame = 256 + random.nextInt(512);
        final int maxFrame = random.nextBoolean() ? minFrame : random.nextInt(minFrame, 8161);
        final long minDelay = random.nextLong(1, 5_000);
        return builder()
                .minDelayNs(minDelay)
                .maxDelayNs(minDelay + random.nextLong((long) (1_000 + 1_000_000 * nastiness)))
                .maxConnectDelayNs(random.nextLong((long) (1_000 + 100_000_000 * nastiness)))
                .minFrame(minFrame)
                .maxFrame(maxFrame)
                .framesInFlight(random.nextInt(1, 64))
                .bytesInFlight(maxFrame + random.nextInt(8 * maxFrame))
                .refuseProbability(0.5 * nastiness * random.nextDouble())
                .idleProbability(0.5 * nastiness * random.nextDouble())
                .writableProbability(random.nextDouble())
                .staleProbability(random.nextDouble())
                .cutProbability(random.nextDouble())
                .relinkProbability(random.nextDouble())
                .downProbability(random.nextDouble())
                .maxDownDelayNs(random.nextLong(1, 20_000_000_000L))
                .namesSender(random.nextBoolean())
                .build();
    }

    /**
     * A builder that begins with {@link #GENTLE}.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    private static void check(final boolean valid, final String name, final long value) {
        if (!valid) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, name + "=" + value + " is out of range");
        }
    }

    private static void checkOdds(final double odds, final String name, final double most) {
        if (!(odds >= 0 && odds <= most)) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, name + "=" + odds + ", expected 0 to " + most);
        }
    }

    /** Builds a profile; what is not set is gentle. */
    public static final class Builder {
        private long minDelayNs = 1_000;
        private long maxDelayNs = 10_000;
        private long maxConnectDelayNs = 10_000;
        private int minFrame = 8160;
        private int maxFrame = 8160;
        private int framesInFlight = 256;
        private int bytesInFlight = 256 * 1024;
        private double refuseProbability = 0;
        private double idleProbability = 0;
        private double writableProbability = 1;
        private double staleProbability = 0;
        private double cutProbability = 0;
        private double relinkProbability = 0;
        private double downProbability = 1;
        private long maxDownDelayNs = 1_000_000_000;
        private boolean namesSender = true;

        private Builder() {}

        /**
         * Sets the shortest time that a frame travels, nanoseconds.
         *
         * @param value nanoseconds
         * @return this
         */
        public Builder minDelayNs(final long value) {
            minDelayNs = value;
            return this;
        }

        /**
         * Sets the longest time that a frame travels, nanoseconds.
         *
         * @param value nanoseconds
         * @return this
         */
        public Builder maxDelayNs(final long value) {
            maxDelayNs = value;
            return this;
        }

        /**
         * Sets the longest time until the first claim of a peer can succeed, nanoseconds.
         *
         * @param value nanoseconds
         * @return this
         */
        public Builder maxConnectDelayNs(final long value) {
            maxConnectDelayNs = value;
            return this;
        }

        /**
         * Sets the smallest {@code maxFrame} that an endpoint may have, bytes.
         *
         * @param value bytes, or frames
         * @return this
         */
        public Builder minFrame(final int value) {
            minFrame = value;
            return this;
        }

        /**
         * Sets the largest {@code maxFrame} that an endpoint may have, bytes.
         *
         * @param value bytes, or frames
         * @return this
         */
        public Builder maxFrame(final int value) {
            maxFrame = value;
            return this;
        }

        /**
         * Sets frames on the way from one endpoint to another; more are BUSY.
         *
         * @param value bytes, or frames
         * @return this
         */
        public Builder framesInFlight(final int value) {
            framesInFlight = value;
            return this;
        }

        /**
         * Sets bytes on the way from one endpoint to another; more are BUSY.
         *
         * @param value bytes, or frames
         * @return this
         */
        public Builder bytesInFlight(final int value) {
            bytesInFlight = value;
            return this;
        }

        /**
         * Sets how often a claim is BUSY although there is room.
         *
         * @param value odds
         * @return this
         */
        public Builder refuseProbability(final double value) {
            refuseProbability = value;
            return this;
        }

        /**
         * Sets how often a poll delivers nothing although something has arrived.
         *
         * @param value odds
         * @return this
         */
        public Builder idleProbability(final double value) {
            idleProbability = value;
            return this;
        }

        /**
         * Sets how often a poll tells onWritable where it could; and, a tenth as often, where there
         * was no need.
         *
         * @param value odds
         * @return this
         */
        public Builder writableProbability(final double value) {
            writableProbability = value;
            return this;
        }

        /**
         * Sets how often frames to a killed endpoint arrive at its successor.
         *
         * @param value odds
         * @return this
         */
        public Builder staleProbability(final double value) {
            staleProbability = value;
            return this;
        }

        /**
         * Sets how often a healed partition has lost frames.
         *
         * @param value odds
         * @return this
         */
        public Builder cutProbability(final double value) {
            cutProbability = value;
            return this;
        }

        /**
         * Sets how often a peer object of a killed endpoint comes to lead to its successor.
         *
         * @param value odds
         * @return this
         */
        public Builder relinkProbability(final double value) {
            relinkProbability = value;
            return this;
        }

        /**
         * Sets how often the transport notices, at last, that an endpoint was killed.
         *
         * @param value odds
         * @return this
         */
        public Builder downProbability(final double value) {
            downProbability = value;
            return this;
        }

        /**
         * Sets the longest time that it takes to notice that an endpoint is gone, nanoseconds.
         *
         * @param value nanoseconds
         * @return this
         */
        public Builder maxDownDelayNs(final long value) {
            maxDownDelayNs = value;
            return this;
        }

        /**
         * Sets whether frames arrive with the sender's peer object.
         *
         * @param value whether
         * @return this
         */
        public Builder namesSender(final boolean value) {
            namesSender = value;
            return this;
        }

        /**
         * The profile.
         *
         * @return a profile
         * @throws PortalsException ARG_INVALID for numbers that make no sense
         */
        public SimulationProfile build() {
            return new SimulationProfile(
                    minDelayNs,
                    maxDelayNs,
                    maxConnectDelayNs,
                    minFrame,
                    maxFrame,
                    framesInFlight,
                    bytesInFlight,
                    refuseProbability,
                    idleProbability,
                    writableProbability,
                    staleProbability,
                    cutProbability,
                    relinkProbability,
                    downProbability,
                    maxDownDelayNs,
                    namesSender);
        }
    }
}

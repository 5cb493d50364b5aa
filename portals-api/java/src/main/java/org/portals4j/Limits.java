package org.portals4j;

/**
 * Limits of a network interface: ptl_ni_limits_t (section 3.6.1). As a wish, 0 means the default;
 * any other value is clamped to what the implementation can do, never refused, and small values are
 * enforced exactly.
 *
 * @param maxEntries entries on the lists of the interface
 * @param maxUnexpectedHeaders unexpected headers held by the interface
 * @param maxMds memory descriptors bound
 * @param maxCts counting events allocated
 * @param maxEqs event queues allocated
 * @param maxPtIndex largest portal table index
 * @param maxIovecs segments of one descriptor or entry
 * @param maxListSize entries on one list of one portal
 * @param maxTriggeredOps triggered operations outstanding on one counting event
 * @param maxMsgSize bytes of one message
 * @param maxAtomicSize bytes of one atomic operation
 * @param maxFetchAtomicSize bytes of one fetching atomic operation or swap
 * @param maxWawOrderedSize bytes up to which a write after a write (and a read after a write) is
 *     ordered
 * @param maxWarOrderedSize bytes up to which a write after a read is ordered
 * @param maxVolatileSize bytes of a put from a VOLATILE descriptor
 */
public record Limits(
        int maxEntries,
        int maxUnexpectedHeaders,
        int maxMds,
        int maxCts,
        int maxEqs,
        int maxPtIndex,
        int maxIovecs,
        int maxListSize,
        int maxTriggeredOps,
        long maxMsgSize,
        long maxAtomicSize,
        long maxFetchAtomicSize,
        long maxWawOrderedSize,
        long maxWarOrderedSize,
        long maxVolatileSize) {
    /** The wish for defaults: every field 0. */
    public static final Limits DEFAULTS = builder().build();

    /**
     * A builder with every field 0 (default).
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a wish for limits; fields not set stay 0, the default. */
    public static final class Builder {
        private int maxEntries;
        private int maxUnexpectedHeaders;
        private int maxMds;
        private int maxCts;
        private int maxEqs;
        private int maxPtIndex;
        private int maxIovecs;
        private int maxListSize;
        private int maxTriggeredOps;
        private long maxMsgSize;
        private long maxAtomicSize;
        private long maxFetchAtomicSize;
        private long maxWawOrderedSize;
        private long maxWarOrderedSize;
        private long maxVolatileSize;

        private Builder() {}

        /**
         * Sets the wish for maxEntries: entries on the lists of the interface.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxEntries(final int value) {
            maxEntries = nonNegative(value, "maxEntries");
            return this;
        }

        /**
         * Sets the wish for maxUnexpectedHeaders: unexpected headers held by the interface.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxUnexpectedHeaders(final int value) {
            maxUnexpectedHeaders = nonNegative(value, "maxUnexpectedHeaders");
            return this;
        }

        /**
         * Sets the wish for maxMds: memory descriptors bound.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxMds(final int value) {
            maxMds = nonNegative(value, "maxMds");
            return this;
        }

        /**
         * Sets the wish for maxCts: counting events allocated.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxCts(final int value) {
            maxCts = nonNegative(value, "maxCts");
            return this;
        }

        /**
         * Sets the wish for maxEqs: event queues allocated.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxEqs(final int value) {
            maxEqs = nonNegative(value, "maxEqs");
            return this;
        }

        /**
         * Sets the wish for maxPtIndex: largest portal table index.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxPtIndex(final int value) {
            maxPtIndex = nonNegative(value, "maxPtIndex");
            return this;
        }

        /**
         * Sets the wish for maxIovecs: segments of one descriptor or entry.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxIovecs(final int value) {
            maxIovecs = nonNegative(value, "maxIovecs");
            return this;
        }

        /**
         * Sets the wish for maxListSize: entries on one list of one portal.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxListSize(final int value) {
            maxListSize = nonNegative(value, "maxListSize");
            return this;
        }

        /**
         * Sets the wish for maxTriggeredOps: triggered operations outstanding on one counting
         * event.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxTriggeredOps(final int value) {
            maxTriggeredOps = nonNegative(value, "maxTriggeredOps");
            return this;
        }

        /**
         * Sets the wish for maxMsgSize: bytes of one message.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxMsgSize(final long value) {
            maxMsgSize = nonNegative(value, "maxMsgSize");
            return this;
        }

        /**
         * Sets the wish for maxAtomicSize: bytes of one atomic operation.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxAtomicSize(final long value) {
            maxAtomicSize = nonNegative(value, "maxAtomicSize");
            return this;
        }

        /**
         * Sets the wish for maxFetchAtomicSize: bytes of one fetching atomic operation or swap.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxFetchAtomicSize(final long value) {
            maxFetchAtomicSize = nonNegative(value, "maxFetchAtomicSize");
            return this;
        }

        /**
         * Sets the wish for maxWawOrderedSize: bytes up to which a write after a write (and a read
         * after a write) is ordered.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxWawOrderedSize(final long value) {
            maxWawOrderedSize = nonNegative(value, "maxWawOrderedSize");
            return this;
        }

        /**
         * Sets the wish for maxWarOrderedSize: bytes up to which a write after a read is ordered.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxWarOrderedSize(final long value) {
            maxWarOrderedSize = nonNegative(value, "maxWarOrderedSize");
            return this;
        }

        /**
         * Sets the wish for maxVolatileSize: bytes of a put from a VOLATILE descriptor.
         *
         * @param value 0 for the default, never negative
         * @return this
         */
        public Builder maxVolatileSize(final long value) {
            maxVolatileSize = nonNegative(value, "maxVolatileSize");
            return this;
        }

        /**
         * The limits as set so far.
         *
         * @return an immutable value
         */
        public Limits build() {
            return new Limits(
                    maxEntries,
                    maxUnexpectedHeaders,
                    maxMds,
                    maxCts,
                    maxEqs,
                    maxPtIndex,
                    maxIovecs,
                    maxListSize,
                    maxTriggeredOps,
                    maxMsgSize,
                    maxAtomicSize,
                    maxFetchAtomicSize,
                    maxWawOrderedSize,
                    maxWarOrderedSize,
                    maxVolatileSize);
        }

        private static int nonNegative(final int value, final String name) {
            return (int) nonNegative((long) value, name);
        }

        private static long nonNegative(final long value, final String name) {
            if (value < 0) {
                throw new PortalsException(
                        ReturnCode.ARG_INVALID, name + "=" + value + " is negative");
            }
            return value;
        }
    }
}

package org.portals4j;

/**
 * A counting event: a pair of 64-bit counters, successes and failures; PtlCTAlloc, PtlCTFree,
 * PtlCTGet, PtlCTWait, PtlCTSet, PtlCTInc (section 3.14.9). To wait on several see {@link
 * NetworkInterface#poll(CountingEvent[], long[], long, Value)}.
 */
public interface CountingEvent extends AutoCloseable {
    /** The two counters as read together: ptl_ct_event_t. A reusable holder for one thread. */
    final class Value {
        private long success;
        private long failure;
        private int index;

        /** Creates a value of zeros. */
        public Value() {}

        /**
         * Operations, or bytes, that succeeded.
         *
         * @return the count
         */
        public long success() {
            return success;
        }

        /**
         * Operations that failed.
         *
         * @return the count
         */
        public long failure() {
            return failure;
        }

        /**
         * Which of the polled counting events reached its test (PtlCTPoll).
         *
         * @return an index into the polled array
         */
        public int index() {
            return index;
        }

        /**
         * Sets all fields; for engines.
         *
         * @param newSuccess successes
         * @param newFailure failures
         * @param newIndex the index
         * @return this
         */
        public Value set(final long newSuccess, final long newFailure, final int newIndex) {
            success = newSuccess;
            failure = newFailure;
            index = newIndex;
            return this;
        }

        @Override
        public String toString() {
            return "{success=" + success + ", failure=" + failure + "}";
        }
    }

    /**
     * The successes (PtlCTGet). Never blocks; who sees a count sees the data behind it.
     *
     * @return operations or bytes
     */
    long success();

    /**
     * The failures (PtlCTGet).
     *
     * @return operations
     */
    long failure();

    /**
     * Sets both counters (PtlCTSet).
     *
     * @param success the new success count
     * @param failure the new failure count
     * @throws PortalsException ARG_INVALID if freed
     */
    void set(long success, long failure);

    /**
     * Adds to one of the counters (PtlCTInc).
     *
     * @param success to add to the successes
     * @param failure to add to the failures
     * @throws PortalsException ARG_INVALID if both are nonzero, or if freed
     */
    void increment(long success, long failure);

    /**
     * Waits without limit until successes reach a value or there is a failure (PtlCTWait).
     *
     * @param test the value to reach
     * @param value filled on OK
     * @return OK, or INTERRUPTED: freed, or the thread interrupted (its flag stays set)
     */
    default ReturnCode await(final long test, final Value value) {
        return await(test, Long.MAX_VALUE, value);
    }

    /**
     * Waits up to a time until successes reach a value or there is a failure.
     *
     * @param test the value to reach
     * @param timeoutNs the limit in nanoseconds; {@link Long#MAX_VALUE} is without limit
     * @param value filled on OK
     * @return OK, CT_NONE_REACHED after the time, or INTERRUPTED
     */
    ReturnCode await(long test, long timeoutNs, Value value);

    /** Frees the counting event (PtlCTFree); waiters get INTERRUPTED. Idempotent. */
    @Override
    void close();
}

package org.portals4j.benchmarks.compare;

/** The measuring end of one side. The pong end has been told what comes when these are called. */
interface Ping extends AutoCloseable {
    /** Length of a message in {@link #echo}, bytes. */
    int ECHO_BYTES = 8;

    /** Length of a message in {@link #send}, bytes. */
    int SMALL_BYTES = 32;

    /** Length of a message in {@link #bulk}, bytes. */
    int BULK_BYTES = 1 << 20;

    /**
     * Round trips of {@link #ECHO_BYTES}.
     *
     * @param nanos is filled with round trip times
     */
    void echo(long[] nanos);

    /**
     * Messages of {@link #SMALL_BYTES}, until the last has been taken at the other end.
     *
     * @param count how many
     * @param acknowledged whether each one is acknowledged, if the side can
     */
    void send(int count, boolean acknowledged);

    /**
     * Messages of {@link #BULK_BYTES}, until the last has been taken at the other end.
     *
     * @param count how many
     */
    void bulk(int count);

    @Override
    void close();
}

package org.portals4j.benchmarks.compare;

/** The other end of one side. */
interface Pong extends AutoCloseable {
    /** Sends a number of messages back, each as it comes. */
    void echo(int count);

    /** Takes a number of messages, and tells the other end if it would not know. */
    void drain(int count);

    @Override
    void close();
}

package org.portals4j;

/**
 * A queue of full events: PtlEQAlloc, PtlEQFree, PtlEQGet, PtlEQWait (section 3.14). Circular: when
 * it is full the oldest event is lost and the next successful call answers {@link
 * ReturnCode#EQ_DROPPED}. Each event goes to exactly one consumer. To wait on several queues see
 * {@link NetworkInterface#poll(EventQueue[], long, Event)}.
 */
public interface EventQueue extends AutoCloseable {
    /**
     * Takes the next event (PtlEQGet). An empty queue costs one turn of progress if no other thread
     * is making it. Hot path: allocates nothing.
     *
     * @param event filled on OK and EQ_DROPPED
     * @return OK, EQ_EMPTY, or EQ_DROPPED: filled, and events before it were lost
     * @throws PortalsException ARG_INVALID if the queue is freed; FAIL if it is empty and the
     *     transport of this instance has failed (its media driver is gone, for example)
     */
    ReturnCode get(Event event);

    /**
     * Waits for the next event (PtlEQWait) without limit.
     *
     * @param event filled on OK and EQ_DROPPED
     * @return OK, EQ_DROPPED, or INTERRUPTED: the queue was freed or the thread interrupted (its
     *     interrupt flag stays set, nothing is lost)
     * @throws PortalsException as {@link #get}
     */
    default ReturnCode await(final Event event) {
        return await(event, Long.MAX_VALUE);
    }

    /**
     * Waits for the next event up to a time.
     *
     * @param event filled on OK and EQ_DROPPED
     * @param timeoutNs the limit in nanoseconds; {@link Long#MAX_VALUE} is without limit
     * @return OK, EQ_DROPPED, EQ_EMPTY after the time, or INTERRUPTED
     */
    ReturnCode await(Event event, long timeoutNs);

    /**
     * The number of events that the queue can hold.
     *
     * @return at least the count asked for
     */
    int capacity();

    /**
     * Frees the queue (PtlEQFree); waiters get INTERRUPTED. Idempotent. Events of objects that
     * still refer to it are lost.
     */
    @Override
    void close();
}

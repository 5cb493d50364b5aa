package org.portals4j.engine.peer;

import org.jspecify.annotations.Nullable;

/**
 * Something that waits in a queue of a {@link Connection} to be sent: a response, a request, or a
 * large transfer. Pooled by its owner; on one queue at a time. Guarded by the instance's lock.
 */
public abstract class Sendable {
    /** Answer of {@link #send}: no room, credit or window now. */
    public static final int BLOCKED = 0;

    /** Answer of {@link #send}: a part was sent; the rest waits behind the others of its queue. */
    public static final int ROTATE = -1;

    @Nullable Sendable next;
    long queuedAtNs;

    /** Creates an element for a pool. */
    protected Sendable() {}

    /**
     * Tries to send. Hot path.
     *
     * @param connection where to; connected
     * @return {@link #BLOCKED}, {@link #ROTATE}, or the number of queue elements, this one first,
     *     that are done
     */
    protected abstract int send(Connection connection);

    /**
     * Removed unsent: the connection is down, or the deadline has passed. It is on no queue any
     * more.
     *
     * @param connection where it waited
     */
    protected abstract void dropped(Connection connection);

    /**
     * The element behind this one in its queue; a sender may take several along in one frame.
     *
     * @return the element or null
     */
    protected final @Nullable Sendable behind() {
        return next;
    }
}

package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

/** An event held in the FIFO of an {@link Entry} until those before it are posted. Pooled. */
public final class EntryEvent {
    /** What is held. */
    public enum Type {
        /** The communication event of an arrival. */
        COMM,
        /** An X_OVERFLOW event: the entry has claimed the header of an arrival. */
        CLAIM,
        /** LINK. */
        LINK,
        /** AUTO_UNLINK. */
        AUTO_UNLINK
    }

    @Nullable EntryEvent next;
    private Type type = Type.LINK;
    private @Nullable Arrival arrival;

    /** Creates an event for a pool. */
    public EntryEvent() {}

    /**
     * Fills the event.
     *
     * @param newType what it is
     * @param newArrival of which arrival, null for LINK and AUTO_UNLINK
     * @return this
     */
    public EntryEvent set(final Type newType, final @Nullable Arrival newArrival) {
        type = newType;
        arrival = newArrival;
        return this;
    }

    /**
     * What is held.
     *
     * @return the type
     */
    public Type type() {
        return type;
    }

    /**
     * The arrival.
     *
     * @return the arrival or null
     */
    public @Nullable Arrival arrival() {
        return arrival;
    }

    /**
     * Whether it may be posted once it is first.
     *
     * @return true if nothing moves any more that it tells of
     */
    public boolean isReady() {
        final Arrival a = arrival;
        return a == null || (type == Type.COMM ? a.isLanded() : a.isPosted());
    }
}

package org.portals4j.engine.event;

import org.jspecify.annotations.Nullable;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.engine.progress.Progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A full event queue: a ring of preallocated events.
 *
 * <pre>
 *   slots    [ e4 | e5 | e2 | e3 ]     slot of sequence s is s &amp; (capacity - 1)
 *   head = 2 -------------^            next to take: moved by consumers, and by the producer that drops
 *   tail = 6 = head + capacity: full   next to fill: moved by the producer only
 *
 *   head word:  sequence (63) | dropped (1)   the bit is set by the producer that moves head
 * </pre>
 *
 * <p>One producer at a time (it holds the instance's lock), any number of consumers without a lock:
 * a consumer copies the slot at head and then moves head by compare-and-set; if that fails the copy
 * may be torn and is thrown away. A full queue loses its oldest event: the producer itself moves
 * head, before it overwrites the slot, so that a consumer in the middle of copying it fails.
 */
public final class EngineEventQueue implements EventQueue {
    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    private final Progress progress;
    private final Object owner;
    private final Runnable onClose;
    private final Event[] slots;
    private final int mask;
    private volatile boolean closed;

    @SuppressWarnings("unused") // by HEAD
    private volatile long head;

    @SuppressWarnings("unused") // by TAIL
    private volatile long tail;

    /** Slots before this sequence hold no memory; the producer's. */
    private long forgotten;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(EngineEventQueue.class, "head", long.class);
            TAIL = lookup.findVarHandle(EngineEventQueue.class, "tail", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Creates a queue.
     *
     * @param progress of the instance
     * @param owner the interface that it belongs to
     * @param count events that it must hold at least
     * @param onClose run once, under the lock, when it is freed
     */
    public EngineEventQueue(
            final Progress progress, final Object owner, final int count, final Runnable onClose) {
        this.progress = progress;
        this.owner = owner;
        this.onClose = onClose;
        final int capacity = Math.max(2, Integer.highestOneBit(Math.max(1, count - 1)) << 1);
        slots = new Event[capacity];
        for (int i = 0; i < capacity; i++) {
            slots[i] = new Event();
        }
        mask = capacity - 1;
    }

    /**
     * Whether this object belongs to an interface.
     *
     * @param candidate identity of the interface
     * @return true if it does
     */
    @SuppressWarnings("ReferenceEquality") // the identity is meant
    public boolean isOf(final Object candidate) {
        return owner == candidate;
    }

    /**
     * Whether the queue is freed.
     *
     * @return true after close
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * The next event to fill, under the lock; every claim is followed by {@link #publish}. Hot
     * path.
     *
     * @return an event with stale fields
     */
    public Event claim() {
        final long t = tail;
        final long word = (long) HEAD.getVolatile(this);
        final long h = word >>> 1;
        if (t - h > mask) {
            // if the exchange fails a consumer has just made room
            HEAD.compareAndSet(this, word, (h + 1) << 1 | 1);
        } else if (forgotten < h) {
            slots[(int) forgotten & mask].memory(null); // consumed: let the user's memory go
            forgotten++;
        }
        return slots[(int) t & mask];
    }

    /** Makes the claimed event visible. */
    public void publish() {
        TAIL.setRelease(this, tail + 1);
        progress.posted();
    }

    /**
     * Takes an event if there is one, without making progress. Hot path.
     *
     * @param event filled on OK and EQ_DROPPED
     * @return OK, EQ_DROPPED, or null: empty
     */
    public @Nullable ReturnCode take(final Event event) {
        while (true) {
            final long word = (long) HEAD.getVolatile(this);
            final long h = word >>> 1;
            if (h >= (long) TAIL.getAcquire(this)) {
                return null;
            }
            event.copyFrom(slots[(int) h & mask]);
            if (HEAD.compareAndSet(this, word, (h + 1) << 1)) {
                return (word & 1) == 0 ? ReturnCode.OK : ReturnCode.EQ_DROPPED;
            }
        }
    }

    @Override
    public ReturnCode get(final Event event) {
        ReturnCode code = take(event);
        if (code == null) {
            checkOpen();
            progress.tryTurn();
            code = take(event);
            if (code == null) {
                progress.checkAlive();
            }
        }
        return code == null ? ReturnCode.EQ_EMPTY : code;
    }

    @Override
    public ReturnCode await(final Event event, final long timeoutNs) {
        ReturnCode code = take(event);
        if (code != null) {
            return code;
        }
        checkOpen();
        final long deadline = progress.deadline(timeoutNs);
        int idle = 0;
        progress.beginWait();
        try {
            while (true) {
                code = take(event);
                if (code != null) {
                    return code;
                }
                if (closed) {
                    return ReturnCode.INTERRUPTED;
                }
                progress.checkAlive();
                idle = progress.pause(idle, deadline);
                if (idle < 0) {
                    code = take(event);
                    return code != null
                            ? code
                            : idle == Progress.TIMED_OUT
                                    ? ReturnCode.EQ_EMPTY
                                    : ReturnCode.INTERRUPTED;
                }
            }
        } finally {
            progress.endWait(idle);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new PortalsException(ReturnCode.ARG_INVALID, "event queue is freed");
        }
    }

    @Override
    public int capacity() {
        return slots.length;
    }

    @Override
    public void close() {
        progress.enter();
        try {
            free();
        } finally {
            progress.exit();
        }
    }

    /** Frees the queue, under the lock. */
    public void free() {
        if (!closed) {
            closed = true;
            progress.posted();
            onClose.run();
        }
    }
}

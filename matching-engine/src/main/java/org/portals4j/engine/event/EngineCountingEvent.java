package org.portals4j.engine.event;

import org.portals4j.CountingEvent;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.engine.progress.Progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A counting event: two counters, written under the instance's lock with release semantics, read by
 * anyone. The pair is not read atomically; Portals does not promise it.
 */
public final class EngineCountingEvent implements CountingEvent {
    private static final VarHandle SUCCESS;
    private static final VarHandle FAILURE;

    private final Progress progress;
    private final Object owner;
    private final Runnable onClose;
    private volatile boolean closed;

    @SuppressWarnings("unused") // by SUCCESS
    private volatile long success;

    @SuppressWarnings("unused") // by FAILURE
    private volatile long failure;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SUCCESS = lookup.findVarHandle(EngineCountingEvent.class, "success", long.class);
            FAILURE = lookup.findVarHandle(EngineCountingEvent.class, "failure", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Creates a counting event of zeros.
     *
     * @param progress of the instance
     * @param owner the interface that it belongs to
     * @param onClose run once, under the lock, when it is freed
     */
    public EngineCountingEvent(
            final Progress progress, final Object owner, final Runnable onClose) {
        this.progress = progress;
        this.owner = owner;
        this.onClose = onClose;
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
     * Whether it is freed.
     *
     * @return true after close
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Counts successes, under the lock. Hot path.
     *
     * @param count operations or bytes
     */
    public void addSuccess(final long count) {
        SUCCESS.setRelease(this, success + count);
        progress.posted();
    }

    /** Counts one failure, under the lock. */
    public void addFailure() {
        FAILURE.setRelease(this, failure + 1);
        progress.posted();
    }

    /**
     * Whether a test value is reached, or there is a failure.
     *
     * @param test the value
     * @return true if a wait for it ends
     */
    public boolean reached(final long test) {
        return Long.compareUnsigned(success, test) >= 0 || failure != 0;
    }

    @Override
    public long success() {
        return success;
    }

    @Override
    public long failure() {
        return failure;
    }

    @Override
    public void set(final long newSuccess, final long newFailure) {
        progress.enter();
        try {
            checkOpen();
            SUCCESS.setRelease(this, newSuccess);
            FAILURE.setRelease(this, newFailure);
            progress.posted();
        } finally {
            progress.exit();
        }
    }

    @Override
    public void increment(final long addSuccess, final long addFailure) {
        if (addSuccess != 0 && addFailure != 0) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "increment.success="
                            + addSuccess
                            + " and increment.failure="
                            + addFailure
                            + " are both nonzero");
        }
        progress.enter();
        try {
            checkOpen();
            SUCCESS.setRelease(this, success + addSuccess);
            FAILURE.setRelease(this, failure + addFailure);
            progress.posted();
        } finally {
            progress.exit();
        }
    }

    @Override
    public ReturnCode await(final long test, final long timeoutNs, final Value value) {
        checkOpen();
        if (reached(test)) {
            value.set(success, failure, 0);
            return ReturnCode.OK;
        }
        final long deadline = progress.deadline(timeoutNs);
        int idle = 0;
        progress.beginWait();
        try {
            while (true) {
                if (reached(test)) {
                    value.set(success, failure, 0);
                    return ReturnCode.OK;
                }
                if (closed) {
                    return ReturnCode.INTERRUPTED;
                }
                if (idle < 0) {
                    return idle == Progress.TIMED_OUT
                            ? ReturnCode.CT_NONE_REACHED
                            : ReturnCode.INTERRUPTED;
                }
                progress.checkAlive();
                idle = progress.pause(idle, deadline);
            }
        } finally {
            progress.endWait(idle);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new PortalsException(ReturnCode.ARG_INVALID, "counting event is freed");
        }
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

    /** Frees it, under the lock. */
    public void free() {
        if (!closed) {
            closed = true;
            progress.posted();
            onClose.run();
        }
    }
}

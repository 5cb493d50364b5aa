package org.portals4j.engine.progress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The one lock of an instance. Spins a little, yields, parks; allocates nothing under contention;
 * not reentrant.
 *
 * <p>Threads that must enter (callers of the interface) are counted while they wait; threads that
 * only want to make progress stand back while the count is not zero. So a caller waits for one turn
 * at most, however many threads make progress; {@link Progress#exit} sees to it that turns still
 * happen.
 */
final class InstanceLock {
    private static final int SPINS = 100;
    private static final int YIELDS = 200;
    private static final long PARK_NS = 20_000;
    private static final VarHandle HELD;
    private static final VarHandle CALLERS;

    @SuppressWarnings("unused") // by HELD
    private volatile int held;

    @SuppressWarnings("unused") // by CALLERS
    private volatile int callers;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            HELD = lookup.findVarHandle(InstanceLock.class, "held", int.class);
            CALLERS = lookup.findVarHandle(InstanceLock.class, "callers", int.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    InstanceLock() {}

    /** Enters, waiting as long as it takes. */
    void lock() {
        if (HELD.compareAndSet(this, 0, 1)) {
            return;
        }
        CALLERS.getAndAdd(this, 1);
        int tries = 0;
        while (!((int) HELD.getOpaque(this) == 0 && HELD.compareAndSet(this, 0, 1))) {
            if (tries < SPINS) {
                tries++;
                Thread.onSpinWait();
            } else if (tries < SPINS + YIELDS) {
                tries++;
                Thread.yield();
            } else {
                LockSupport.parkNanos(this, PARK_NS);
            }
        }
        CALLERS.getAndAdd(this, -1);
    }

    /**
     * Enters if nobody is inside and no caller waits.
     *
     * @return true if entered
     */
    boolean tryLock() {
        return callers == 0 && held == 0 && HELD.compareAndSet(this, 0, 1);
    }

    /** Leaves. */
    void unlock() {
        HELD.setRelease(this, 0);
    }

    /**
     * Whether a caller waits to enter.
     *
     * @return true if a turn should end soon
     */
    boolean wanted() {
        return (int) CALLERS.getOpaque(this) != 0;
    }
}

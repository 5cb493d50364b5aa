package org.portals4j.engine.initiator;

import org.jspecify.annotations.Nullable;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.OptionSet;
import org.portals4j.ReturnCode;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.memory.MemoryView;
import org.portals4j.engine.progress.Progress;

/** A bound memory descriptor. Calls take the instance's lock; the rest is guarded by it. */
public final class BoundMemory implements MemoryDescriptor {
    final MemoryView memory;
    final @Nullable EngineEventQueue queue;
    final @Nullable EngineCountingEvent counter;

    /** Operations that use the descriptor. */
    int outstanding;

    private final Progress progress;
    private final Object owner;
    private final long options;
    private final boolean readOnly;
    private final Runnable onRelease;
    private boolean released;

    /**
     * Binds memory.
     *
     * @param progress of the instance
     * @param owner identity of the interface
     * @param memory the memory
     * @param options of ptl_md_t
     * @param queue of its events
     * @param counter of its counts
     * @param onRelease run once, under the lock
     */
    public BoundMemory(
            final Progress progress,
            final Object owner,
            final MemoryView memory,
            final OptionSet<MdOption> options,
            final @Nullable EngineEventQueue queue,
            final @Nullable EngineCountingEvent counter,
            final Runnable onRelease) {
        this.progress = progress;
        this.owner = owner;
        this.memory = memory;
        this.options = options.bits();
        this.queue = queue;
        this.counter = counter;
        this.onRelease = onRelease;
        readOnly = memory.isReadOnly();
    }

    /**
     * Whether the descriptor belongs to an interface.
     *
     * @param candidate identity of the interface
     * @return true if it does
     */
    @SuppressWarnings("ReferenceEquality") // the identity is meant
    public boolean isOf(final Object candidate) {
        return owner == candidate;
    }

    /**
     * Whether an option is set.
     *
     * @param option the option
     * @return true if set
     */
    public boolean has(final MdOption option) {
        return (options & OptionSet.bit(option)) != 0;
    }

    /**
     * Whether there is an event queue.
     *
     * @return true if events are posted
     */
    public boolean hasQueue() {
        return queue != null;
    }

    /**
     * Whether there is a counting event.
     *
     * @return true if something is counted
     */
    public boolean hasCounter() {
        return counter != null;
    }

    /**
     * Whether data cannot be stored in it.
     *
     * @return true if a segment is read-only
     */
    public boolean isReadOnly() {
        return readOnly;
    }

    /**
     * Whether it is released, under the lock.
     *
     * @return true after release
     */
    public boolean isReleased() {
        return released;
    }

    @Override
    public long length() {
        return memory.length();
    }

    @Override
    public ReturnCode release() {
        progress.enter();
        try {
            if (outstanding != 0) {
                return ReturnCode.IN_USE;
            }
            free();
            return ReturnCode.OK;
        } finally {
            progress.exit();
        }
    }

    /** Releases it whatever uses it, under the lock. */
    public void free() {
        if (!released) {
            released = true;
            onRelease.run();
        }
    }

    @Override
    public void close() {
        int idle = 0;
        progress.beginWait();
        try {
            while (release() == ReturnCode.IN_USE && idle >= 0) {
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            }
        } finally {
            progress.endWait(idle);
        }
    }
}

package org.portals4j.engine.target;

import org.jspecify.annotations.Nullable;
import org.portals4j.EventQueue;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.PortalTableEntry;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.match.LinearMatchList;
import org.portals4j.engine.match.MatchList;
import org.portals4j.engine.match.UnexpectedList;
import org.portals4j.engine.progress.Progress;

/**
 * A portal table entry.
 *
 * <pre>
 *   priority list    searched first
 *   overflow list    searched next; a match leaves a header on
 *   unexpected list  searched by an append to the priority list
 * </pre>
 *
 * <p>Calls take the instance's lock; the rest is guarded by it.
 */
final class Portal implements PortalTableEntry {
    final MatchList priority = new LinearMatchList();
    final MatchList overflow = new LinearMatchList();
    final UnexpectedList unexpected = new UnexpectedList();
    final @Nullable EngineEventQueue queue;
    boolean enabled;

    /** Arrivals whose communication event is not posted yet. */
    int unposted;

    private final TargetSide side;
    private final Progress progress;
    private final int index;
    private boolean freed;

    Portal(
            final TargetSide side,
            final Progress progress,
            final int index,
            final @Nullable EngineEventQueue queue,
            final boolean enabled) {
        this.side = side;
        this.progress = progress;
        this.index = index;
        this.queue = queue;
        this.enabled = enabled;
    }

    MatchList list(final ListKind kind) {
        return kind == ListKind.PRIORITY ? priority : overflow;
    }

    TargetSide side() {
        return side;
    }

    boolean isFreed() {
        return freed;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public @Nullable EventQueue eventQueue() {
        return queue;
    }

    @Override
    public long append(final MatchEntry entry, final ListKind list, final long userData) {
        progress.enter();
        try {
            checkAllocated();
            return side.append(this, entry, list, userData);
        } finally {
            progress.exit();
        }
    }

    @Override
    public ReturnCode unlink(final long handle) {
        progress.enter();
        try {
            return freed ? ReturnCode.ARG_INVALID : side.unlink(this, handle);
        } finally {
            progress.exit();
        }
    }

    @Override
    public void enable() {
        progress.enter();
        try {
            checkAllocated();
            enabled = true;
        } finally {
            progress.exit();
        }
    }

    @Override
    public void disable() {
        progress.enter();
        try {
            checkAllocated();
            enabled = false;
            if (unposted == 0) {
                return;
            }
        } finally {
            progress.exit();
        }
        awaitIdle();
    }

    // arrivals end with their data, or with their peer: this ends within the peer timeout
    private void awaitIdle() {
        int idle = 0;
        progress.beginWait();
        try {
            while (idle >= 0) {
                progress.enter();
                try {
                    if (unposted == 0 || freed) {
                        return;
                    }
                } finally {
                    progress.exit();
                }
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            }
        } finally {
            progress.endWait(idle);
        }
    }

    @Override
    public ReturnCode free() {
        progress.enter();
        try {
            if (freed) {
                return ReturnCode.OK;
            }
            if (unposted != 0 || priority.size() != 0 || overflow.size() != 0) {
                return ReturnCode.PT_IN_USE;
            }
            release();
            return ReturnCode.OK;
        } finally {
            progress.exit();
        }
    }

    @Override
    public void close() {
        progress.enter();
        try {
            if (freed) {
                return;
            }
            enabled = false;
        } finally {
            progress.exit();
        }
        awaitIdle();
        progress.enter();
        try {
            if (!freed) {
                release();
            }
        } finally {
            progress.exit();
        }
    }

    /** Frees the portal and all that is linked, under the lock. */
    void release() {
        freed = true;
        enabled = false;
        side.release(this);
    }

    private void checkAllocated() {
        if (freed) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, "portal table entry " + index + " is freed");
        }
    }
}

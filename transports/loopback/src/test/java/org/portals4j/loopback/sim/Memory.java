package org.portals4j.loopback.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory of an operation or entry, which may go away in the middle of everything. */
final class Memory {
    private final MemorySegment segment;
    private final Arena arena;
    private boolean lost;

    /** Memory with an arena of its own, or null if it stays. */
    Memory(final MemorySegment segment, final Arena arena) {
        this.segment = segment;
        this.arena = arena;
    }

    MemorySegment segment() {
        return segment;
    }

    boolean isLost() {
        return lost;
    }

    /** Closes the arena, if there is one of its own. */
    void lose() {
        if (arena != null && !lost) {
            lost = true;
            arena.close();
        }
    }
}

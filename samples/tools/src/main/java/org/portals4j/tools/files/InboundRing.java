package org.portals4j.tools.files;

import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.PortalTableEntry;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory that small messages of any length and any sender fall into, one behind the other: match
 * entries with locally managed offsets. An entry unlinks itself when the longest message no longer
 * fits, and is appended again when its AUTO_UNLINK event comes: by then every message in it has
 * been taken from the queue, because events of one entry keep their order.
 */
final class InboundRing {
    private static final int SLABS = 8;
    private static final long SLAB_BYTES = 128 << 10;

    private final PortalTableEntry portal;
    private final MemorySegment[] slabs = new MemorySegment[SLABS];
    private final MatchEntry entry = new MatchEntry();

    InboundRing(final PortalTableEntry portal, final Arena arena) {
        this.portal = portal;
        entry.options(
                        EntryOption.OP_PUT,
                        EntryOption.MANAGE_LOCAL,
                        EntryOption.NO_TRUNCATE,
                        EntryOption.EVENT_LINK_DISABLE)
                .matchBits(Protocol.CONTROL_BITS)
                .minFree(Protocol.MAX_MESSAGE);
        for (int i = 0; i < SLABS; i++) {
            slabs[i] = arena.allocate(SLAB_BYTES);
            append(i);
        }
    }

    /** Makes a slab available again, all of it. */
    void append(final int slab) {
        portal.append(
                entry.memory(slabs[slab]),
                ListKind.PRIORITY,
                Protocol.tag(Protocol.TAG_RING, slab));
    }
}

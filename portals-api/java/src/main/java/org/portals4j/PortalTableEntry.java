package org.portals4j;

import org.jspecify.annotations.Nullable;

/**
 * An entry of the portal table with its priority list, overflow list and unexpected headers:
 * PtlPTAlloc, PtlPTFree, PtlPTEnable, PtlPTDisable (section 3.7), PtlMEAppend, PtlMEUnlink (3.12).
 */
public interface PortalTableEntry extends AutoCloseable {
    /**
     * The index that initiators name.
     *
     * @return 0 to {@link Limits#maxPtIndex()}
     */
    int index();

    /**
     * The queue for events of this portal.
     *
     * @return the queue or null
     */
    @Nullable EventQueue eventQueue();

    /**
     * Appends a match entry (PtlMEAppend). Appended to the priority list it first takes the
     * unexpected headers that it matches, in arrival order: a USE_ONCE entry one, and is then never
     * linked; any other all of them. The entry is matchable when the call returns. Hot path:
     * allocates nothing.
     *
     * @param entry copied
     * @param list the list to append to
     * @param userData given back in every event of the entry
     * @return a handle for {@link #unlink(long)}; of no further use once the entry has unlinked
     *     itself
     * @throws PortalsException ARG_INVALID (counter of another interface, too many segments, memory
     *     not accessible to the progress thread), NO_SPACE (limit of entries or of the list
     *     reached)
     */
    long append(MatchEntry entry, ListKind list, long userData);

    /**
     * Unlinks an entry (PtlMEUnlink); no event is posted.
     *
     * @param handle what {@link #append} returned
     * @return OK; IN_USE (an operation moves its data or an unexpected header refers to it: it
     *     stays linked, try again); ARG_INVALID (not linked: unlinked before, by itself or by a
     *     call)
     */
    ReturnCode unlink(long handle);

    /** Accepts messages again (PtlPTEnable). */
    void enable();

    /**
     * Refuses messages with PT_DISABLED from now on and makes progress until those under way have
     * completed and their events are posted (PtlPTDisable).
     */
    void disable();

    /**
     * Frees the portal if its lists are empty (PtlPTFree). Unexpected headers are dropped.
     *
     * @return OK (also if freed before), or PT_IN_USE: entries are linked or data is moving
     */
    ReturnCode free();

    /**
     * Disables the portal, makes progress until it is idle, unlinks its entries and frees it.
     * Idempotent, never PT_IN_USE.
     */
    @Override
    void close();
}

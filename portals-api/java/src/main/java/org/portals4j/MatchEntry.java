package org.portals4j;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A match entry as given to {@link PortalTableEntry#append}: ptl_me_t (section 3.12.1). A reusable
 * parameter holder: {@code append} copies it, so one holder may be changed and appended again and
 * again without allocation. Not safe for use by several threads at once.
 *
 * <p>A request matches when its initiator is {@linkplain #source(int, int) the source} (or the
 * source is a wildcard) and {@code ((request.matchBits ^ matchBits) & ~ignoreBits) == 0}.
 */
public final class MatchEntry {
    /** User id wildcard: PTL_UID_ANY. */
    public static final int UID_ANY = -1;

    private MemorySegment memory = MemorySegment.NULL;
    private @Nullable List<MemorySegment> iovec;
    private OptionSet<EntryOption> options = OptionSet.none();
    private @Nullable CountingEvent counter;
    private int sourceNid = ProcessId.NID_ANY;
    private int sourcePid = ProcessId.PID_ANY;
    private int uid = UID_ANY;
    private long matchBits;
    private long ignoreBits;
    private long minFree;

    /** Creates an entry without memory that no operation is permitted on, from any source. */
    public MatchEntry() {}

    /**
     * Creates an entry.
     *
     * @param memory where data is put to and got from
     * @param options its options, {@link EntryOption#OP_PUT} or {@link EntryOption#OP_GET} among
     *     them
     */
    public MatchEntry(final MemorySegment memory, final EntryOption... options) {
        this.memory = memory;
        this.options = OptionSet.of(options);
    }

    /**
     * One segment of memory: heap, native or mapped.
     *
     * @param segment the segment
     * @return this
     */
    public MatchEntry memory(final MemorySegment segment) {
        memory = segment;
        iovec = null;
        return this;
    }

    /**
     * Several segments that behave as their concatenation: PTL_IOVEC. A list made once and passed
     * again costs nothing.
     *
     * @param list an unmodifiable list of at most {@link Limits#maxIovecs()} segments
     * @return this
     */
    public MatchEntry iovec(final List<MemorySegment> list) {
        memory = MemorySegment.NULL;
        iovec = List.copyOf(list);
        return this;
    }

    /**
     * The options.
     *
     * @param set replaces the options set before
     * @return this
     */
    public MatchEntry options(final OptionSet<EntryOption> set) {
        options = set;
        return this;
    }

    /**
     * The options.
     *
     * @param set replaces the options set before
     * @return this
     */
    public MatchEntry options(final EntryOption... set) {
        options = OptionSet.of(set);
        return this;
    }

    /**
     * The counting event for the classes that the options name.
     *
     * @param ct a counting event of the same interface, or null for none
     * @return this
     */
    public MatchEntry counter(final @Nullable CountingEvent ct) {
        counter = ct;
        return this;
    }

    /**
     * Whose requests match; each part may be a wildcard of its own.
     *
     * @param nid a node id or {@link ProcessId#NID_ANY}
     * @param pid a process id or {@link ProcessId#PID_ANY}
     * @return this
     */
    public MatchEntry source(final int nid, final int pid) {
        sourceNid = nid;
        sourcePid = pid;
        return this;
    }

    /**
     * Whose requests match.
     *
     * @param process a process, {@link ProcessId#ANY} for all
     * @return this
     */
    public MatchEntry source(final ProcessId process) {
        return source(process.nid(), process.pid());
    }

    /**
     * The user id permitted; another one that matches is refused with PERM_VIOLATION.
     *
     * @param userId a user id or {@link #UID_ANY}
     * @return this
     */
    public MatchEntry uid(final int userId) {
        uid = userId;
        return this;
    }

    /**
     * The match bits.
     *
     * @param bits compared where the ignore bits are 0
     * @return this
     */
    public MatchEntry matchBits(final long bits) {
        matchBits = bits;
        return this;
    }

    /**
     * The ignore bits.
     *
     * @param bits ones where the match bits do not count
     * @return this
     */
    public MatchEntry ignoreBits(final long bits) {
        ignoreBits = bits;
        return this;
    }

    /**
     * With MANAGE_LOCAL: unlink when fewer bytes than this are free; 0 never.
     *
     * @param bytes the minimum
     * @return this
     */
    public MatchEntry minFree(final long bytes) {
        minFree = bytes;
        return this;
    }

    /**
     * The memory of an entry that is not an IOVEC.
     *
     * @return the segment
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * The segments of an IOVEC.
     *
     * @return the segments, or null where the entry has {@linkplain #memory() one segment}
     */
    public @Nullable List<MemorySegment> iovec() {
        return iovec;
    }

    /**
     * The options.
     *
     * @return the options
     */
    public OptionSet<EntryOption> options() {
        return options;
    }

    /**
     * The counting event.
     *
     * @return the counting event or null
     */
    public @Nullable CountingEvent counter() {
        return counter;
    }

    /**
     * The node id that matches.
     *
     * @return a node id or the wildcard
     */
    public int sourceNid() {
        return sourceNid;
    }

    /**
     * The process id that matches.
     *
     * @return a process id or the wildcard
     */
    public int sourcePid() {
        return sourcePid;
    }

    /**
     * The user id permitted.
     *
     * @return a user id or the wildcard
     */
    public int uid() {
        return uid;
    }

    /**
     * The match bits.
     *
     * @return the bits
     */
    public long matchBits() {
        return matchBits;
    }

    /**
     * The ignore bits.
     *
     * @return the bits
     */
    public long ignoreBits() {
        return ignoreBits;
    }

    /**
     * The minimum free space of a locally managed entry.
     *
     * @return bytes
     */
    public long minFree() {
        return minFree;
    }
}

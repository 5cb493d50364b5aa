package org.portals4j.engine.memory;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Memory of a descriptor or an entry: one segment, or the concatenation of several (PTL_IOVEC). A
 * reusable holder, so that re-appending an entry allocates nothing.
 *
 * <pre>
 *   single:  [ segment ]                       offset 0 .. length
 *   iovec:   [ part 0 ][ part 1 ][][ part 3 ]  offsets index the concatenation
 * </pre>
 *
 * <p>Copies go between the user's segment, which is checked for bounds and life, and transport
 * memory by address. A segment whose arena is closed, or whose file was truncated, makes a copy
 * answer false: the operation ends with SEGV, nothing is thrown through progress. Guarded by the
 * instance's lock.
 */
public final class MemoryView {
    private static final MemorySegment EVERYTHING = everything();

    private MemorySegment single = MemorySegment.NULL;
    private @Nullable List<MemorySegment> parts;
    private long length;
    private boolean mapped;

    /** Creates a view of nothing. */
    public MemoryView() {}

    /**
     * Views one segment.
     *
     * @param segment the segment
     */
    public void set(final MemorySegment segment) {
        single = segment;
        parts = null;
        length = segment.byteSize();
        mapped = segment.isMapped();
    }

    /**
     * Views a concatenation.
     *
     * @param segments an unmodifiable list
     */
    public void set(final List<MemorySegment> segments) {
        single = MemorySegment.NULL;
        parts = segments;
        mapped = false;
        long sum = 0;
        for (int i = 0; i < segments.size(); i++) {
            sum += segments.get(i).byteSize();
            mapped |= segments.get(i).isMapped();
            if (sum < 0) {
                throw new PortalsException(
                        ReturnCode.ARG_INVALID,
                        "the segments are longer than 2^63 - 1 bytes in all");
            }
        }
        length = sum;
    }

    /** Forgets the memory, so that it can be collected. */
    public void clear() {
        single = MemorySegment.NULL;
        parts = null;
        length = 0;
        mapped = false;
    }

    /**
     * The length of the memory.
     *
     * @return bytes
     */
    public long length() {
        return length;
    }

    /**
     * Whether a thread may access all segments.
     *
     * @param thread the thread
     * @return false if one is confined to another thread
     */
    public boolean isAccessibleBy(final Thread thread) {
        final List<MemorySegment> list = parts;
        if (list == null) {
            return single.isAccessibleBy(thread);
        }
        for (final MemorySegment part : list) {
            if (!part.isAccessibleBy(thread)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the arenas of all segments are open.
     *
     * @return false if one is closed
     */
    public boolean isAlive() {
        final List<MemorySegment> list = parts;
        if (list == null) {
            return single.scope().isAlive();
        }
        for (final MemorySegment part : list) {
            if (!part.scope().isAlive()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether any segment is read-only.
     *
     * @return true if data cannot be stored everywhere
     */
    public boolean isReadOnly() {
        final List<MemorySegment> list = parts;
        if (list == null) {
            return single.isReadOnly();
        }
        for (final MemorySegment part : list) {
            if (part.isReadOnly()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Copies bytes into this memory. Hot path.
     *
     * @param offset where to
     * @param count bytes, inside the view
     * @param address where from, off-heap
     * @return false if the memory is gone
     */
    public boolean copyIn(final long offset, final long count, final long address) {
        if (count == 0) {
            return true;
        }
        try {
            if (parts == null) {
                MemorySegment.copy(EVERYTHING, address, single, offset, count);
            } else {
                copyParts(parts, offset, count, address, true);
            }
            if (mapped) {
                deliverFault();
            }
            return true;
        } catch (final RuntimeException | InternalError gone) {
            return false;
        }
    }

    /**
     * Copies bytes out of this memory. Hot path.
     *
     * @param offset where from
     * @param count bytes, inside the view
     * @param address where to, off-heap
     * @return false if the memory is gone
     */
    public boolean copyOut(final long offset, final long count, final long address) {
        if (count == 0) {
            return true;
        }
        try {
            if (parts == null) {
                MemorySegment.copy(single, offset, EVERYTHING, address, count);
            } else {
                copyParts(parts, offset, count, address, false);
            }
            if (mapped) {
                deliverFault();
            }
            return true;
        } catch (final RuntimeException | InternalError gone) {
            return false;
        }
    }

    // The JVM reports an access beyond the end of a truncated file late, at the next call into the
    // VM:
    // this is one, so that the InternalError comes while its copy can still be blamed.
    private void deliverFault() {
        Thread.holdsLock(this);
    }

    private static void copyParts(
            final List<MemorySegment> list,
            final long offset,
            final long count,
            final long address,
            final boolean in) {
        long skip = offset;
        long done = 0;
        for (int i = 0; done < count; i++) {
            final MemorySegment part = list.get(i);
            final long size = part.byteSize();
            if (skip >= size) {
                skip -= size;
                continue;
            }
            final long chunk = Math.min(size - skip, count - done);
            if (in) {
                MemorySegment.copy(EVERYTHING, address + done, part, skip, chunk);
            } else {
                MemorySegment.copy(part, skip, EVERYTHING, address + done, chunk);
            }
            done += chunk;
            skip = 0;
        }
    }

    /**
     * The segment where an offset falls.
     *
     * @param offset an offset in the view
     * @return the only segment, or the part; the last part for an offset at the end
     */
    public MemorySegment segmentAt(final long offset) {
        final List<MemorySegment> list = parts;
        return list == null
                ? single
                : list.isEmpty() ? MemorySegment.NULL : list.get(partAt(list, offset));
    }

    /**
     * An offset as counted in {@link #segmentAt}.
     *
     * @param offset an offset in the view
     * @return the offset in that segment
     */
    public long offsetAt(final long offset) {
        final List<MemorySegment> list = parts;
        if (list == null) {
            return offset;
        }
        long rest = offset;
        for (int i = 0, n = list.isEmpty() ? 0 : partAt(list, offset); i < n; i++) {
            rest -= list.get(i).byteSize();
        }
        return rest;
    }

    private static int partAt(final List<MemorySegment> list, final long offset) {
        long rest = offset;
        for (int i = 0; i < list.size(); i++) {
            final long size = list.get(i).byteSize();
            if (rest < size) {
                return i;
            }
            rest -= size;
        }
        return list.size() - 1;
    }

    @SuppressWarnings(
            "restricted") // transport buffers are addressed by number; see the class comment
    private static MemorySegment everything() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }
}

package org.portals4j.engine.atomic;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.engine.memory.MemoryView;

/**
 * Applies an operation to elements of an entry's memory. They are copied out, computed and copied
 * in, so that elements need no alignment and may straddle the segments of an IOVEC. The instance's
 * lock, which guards it, makes that atomic among the operations on this process.
 */
public final class AtomicUnit {
    private final UnsafeBuffer found;
    private final UnsafeBuffer result;
    private final Reals reals = new Reals();

    /**
     * Creates it with its scratch memory.
     *
     * @param maxBytes of one operation
     */
    public AtomicUnit(final int maxBytes) {
        found = new UnsafeBuffer(BufferUtil.allocateDirectAligned(maxBytes, 8));
        result = new UnsafeBuffer(BufferUtil.allocateDirectAligned(maxBytes, 8));
    }

    /**
     * Changes the whole elements of a range. Hot path.
     *
     * @param operation what to do
     * @param type of the elements; the operation is defined for it
     * @param memory of the entry
     * @param offset where the range begins
     * @param length bytes, inside the view and at most those given at creation
     * @param payload address of the operand, if the operation has one, then of the data
     * @return false if the memory is gone
     */
    public boolean apply(
            final AtomicOperation operation,
            final Datatype type,
            final MemoryView memory,
            final long offset,
            final long length,
            final long payload) {
        if (!memory.copyOut(offset, length, found.addressOffset())) {
            return false;
        }
        final int size = type.size();
        final int bytes = (int) length / size * size;
        final long data = operation.hasOperand() ? payload + size : payload;
        final long to = result.addressOffset();
        result.putBytes(0, found, 0, bytes);
        if (type.isInteger()) {
            for (int i = 0; i < bytes; i += size) {
                Integers.apply(operation, type, to + i, data + i, payload);
            }
        } else {
            for (int i = 0; i < bytes; i += size) {
                reals.apply(operation, type, to + i, data + i, payload);
            }
        }
        // a swap whose condition fails writes nothing: the program may be writing there
        return operation.hasOperand() && isUnchanged(bytes) || memory.copyIn(offset, bytes, to);
    }

    private boolean isUnchanged(final int bytes) {
        for (int i = 0; i < bytes; i++) {
            if (found.getByte(i) != result.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * What the last {@link #apply} found, from index 0.
     *
     * @return valid until the next
     */
    public DirectBuffer found() {
        return found;
    }
}

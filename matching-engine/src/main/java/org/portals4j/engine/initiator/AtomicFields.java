package org.portals4j.engine.initiator;

import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What the slot of an atomic operation holds beside that of a put. Guarded by the lock. */
final class AtomicFields {
    AtomicOperation operation = AtomicOperation.MIN;
    Datatype datatype = Datatype.INT8;

    /** Where the values fetched go; null: nothing is fetched, or the request is sent. */
    @Nullable BoundMemory fetchMd;

    long fetchOffset;

    private @Nullable UnsafeBuffer operand;

    AtomicFields() {}

    /** Bytes of the operand in the request. */
    int operandLength() {
        return operation.hasOperand() ? datatype.size() : 0;
    }

    UnsafeBuffer operand() {
        UnsafeBuffer buffer = operand;
        if (buffer == null) {
            buffer =
                    new UnsafeBuffer(
                            BufferUtil.allocateDirectAligned(
                                    Datatype.LONG_DOUBLE_COMPLEX.size(), 8));
            operand = buffer;
        }
        return buffer;
    }

    void copyOperand(final MemorySegment from) {
        final UnsafeBuffer buffer = operand();
        for (int i = 0; i < datatype.size(); i++) {
            buffer.putByte(i, from.get(ValueLayout.JAVA_BYTE, i));
        }
    }
}

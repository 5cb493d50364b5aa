package org.portals4j.engine;

import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.Limits;
import org.portals4j.MemoryDescriptor;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.engine.initiator.BoundMemory;

import java.lang.foreign.MemorySegment;

/**
 * The synchronous argument checks of atomic operations (section 3.15.4), beyond those of put and
 * get. Hot path: a good call allocates nothing.
 */
final class AtomicChecks {
    private final OperationChecks checks;
    private final Limits limits;

    AtomicChecks(final Object owner, final Limits limits) {
        checks = new OperationChecks(owner, limits);
        this.limits = limits;
    }

    BoundMemory atomic(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final AtomicOperation operation,
            final Datatype datatype) {
        pair(operation, datatype, false);
        final BoundMemory bound = checks.put(md, localOffset, length, ack, target);
        if (length > limits.maxAtomicSize()) {
            throw invalid("length=" + length + ", max_atomic_size=" + limits.maxAtomicSize());
        }
        return bound;
    }

    BoundMemory fetchFrom(
            final MemoryDescriptor putMd,
            final long putOffset,
            final long length,
            final ProcessId target,
            final AtomicOperation operation,
            final Datatype datatype,
            final boolean swap) {
        pair(operation, datatype, swap);
        final BoundMemory bound = checks.put(putMd, putOffset, length, AckRequest.NO_ACK, target);
        if (length > limits.maxFetchAtomicSize()) {
            throw invalid(
                    "length=" + length + ", max_fetch_atomic_size=" + limits.maxFetchAtomicSize());
        }
        if (operation.hasOperand() && length > datatype.size()) {
            throw invalid(
                    operation
                            + " takes one element, but length="
                            + length
                            + " and "
                            + datatype
                            + " has "
                            + datatype.size());
        }
        return bound;
    }

    BoundMemory fetchInto(
            final MemoryDescriptor getMd,
            final long getOffset,
            final long length,
            final ProcessId target) {
        return checks.get(getMd, getOffset, length, target);
    }

    private static void pair(
            final AtomicOperation operation, final Datatype datatype, final boolean swap) {
        if (operation.isSwap() != swap) {
            throw invalid(
                    operation
                            + (swap
                                    ? " is not an operation of PtlSwap"
                                    : " is an operation of PtlSwap alone"));
        }
        if (!operation.isDefinedFor(datatype)) {
            throw invalid(operation + " is not defined for " + datatype);
        }
    }

    static void operand(
            final @Nullable MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        if (!operation.hasOperand()) {
            return;
        }
        if (operand == null || operand.byteSize() < datatype.size()) {
            throw invalid(
                    operation
                            + " of "
                            + datatype
                            + " needs an operand of "
                            + datatype.size()
                            + " bytes, not "
                            + (operand == null ? "null" : String.valueOf(operand.byteSize())));
        }
        if (!operand.scope().isAlive() || !operand.isAccessibleBy(Thread.currentThread())) {
            throw invalid("operand of " + operation + " is closed or of another thread");
        }
    }

    private static PortalsException invalid(final String what) {
        return EngineInterface.invalid(what);
    }
}

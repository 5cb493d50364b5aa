package org.portals4j.engine;

import org.portals4j.AckRequest;
import org.portals4j.Limits;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.engine.initiator.BoundMemory;

/**
 * The synchronous argument checks of data movers (section 3.15). Hot path: a good call allocates
 * nothing.
 */
final class OperationChecks {
    private final Object owner;
    private final Limits limits;

    OperationChecks(final Object owner, final Limits limits) {
        this.owner = owner;
        this.limits = limits;
    }

    BoundMemory put(
            final MemoryDescriptor descriptor,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target) {
        final BoundMemory md = range(descriptor, localOffset, length, target);
        if (ack == AckRequest.ACK && !md.hasQueue()) {
            throw invalid("ACK asked for, but the descriptor has no event queue");
        }
        if (ack == AckRequest.CT_ACK && !md.hasCounter()) {
            throw invalid("CT_ACK asked for, but the descriptor has no counting event");
        }
        if (length > limits.maxVolatileSize() && md.has(MdOption.VOLATILE)) {
            throw invalid(
                    "VOLATILE put of length="
                            + length
                            + ", max_volatile_size="
                            + limits.maxVolatileSize());
        }
        return md;
    }

    BoundMemory get(
            final MemoryDescriptor descriptor,
            final long localOffset,
            final long length,
            final ProcessId target) {
        final BoundMemory md = range(descriptor, localOffset, length, target);
        if (md.isReadOnly()) {
            throw invalid("get into a descriptor of read-only memory");
        }
        return md;
    }

    private BoundMemory range(
            final MemoryDescriptor descriptor,
            final long localOffset,
            final long length,
            final ProcessId target) {
        if (!(descriptor instanceof final BoundMemory md) || !md.isOf(owner)) {
            throw invalid("memory descriptor is of another interface");
        }
        if (localOffset < 0 || length < 0 || localOffset > md.length() - length) {
            throw invalid(
                    "local_offset="
                            + localOffset
                            + ", length="
                            + length
                            + ", descriptor length="
                            + md.length());
        }
        if (length > limits.maxMsgSize()) {
            throw invalid("length=" + length + ", max_msg_size=" + limits.maxMsgSize());
        }
        if (target.pid() < ProcessId.PID_MIN || target.pid() > ProcessId.PID_MAX) {
            throw invalid("target " + target + ", pid must be in 1..65534");
        }
        return md;
    }

    private static PortalsException invalid(final String what) {
        return EngineInterface.invalid(what);
    }
}

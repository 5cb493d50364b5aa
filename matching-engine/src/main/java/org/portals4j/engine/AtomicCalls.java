package org.portals4j.engine;

import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.engine.initiator.BoundMemory;
import org.portals4j.engine.progress.Progress;

import java.lang.foreign.MemorySegment;

/**
 * The atomic calls of a network interface: check arguments, take the lock, hand over to the
 * initiator.
 */
abstract sealed class AtomicCalls implements NetworkInterface permits EngineInterface {
    private final PortalsInstance instance;
    private final Progress progress;
    private final int kind;
    private final AtomicChecks checks;

    AtomicCalls(final PortalsInstance instance, final InterfaceKind kind, final Limits limits) {
        this.instance = instance;
        progress = instance.progressOf();
        this.kind = kind.ordinal();
        checks = new AtomicChecks(this, limits);
    }

    /** Refuses a released descriptor and a closed interface, under the lock. */
    abstract void checkUsable(BoundMemory md);

    @Override
    public final void atomic(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final AtomicOperation operation,
            final Datatype datatype) {
        if (tryAtomic(
                        md,
                        localOffset,
                        length,
                        ack,
                        target,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        userData,
                        headerData,
                        operation,
                        datatype)
                == ReturnCode.OK) {
            return;
        }
        // slots come back with responses, or when the peer is declared down
        int idle = 0;
        progress.beginWait();
        try {
            do {
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            } while (tryAtomic(
                            md,
                            localOffset,
                            length,
                            ack,
                            target,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData,
                            operation,
                            datatype)
                    != ReturnCode.OK);
        } finally {
            progress.endWait(idle);
        }
    }

    @Override
    public final ReturnCode tryAtomic(
            final MemoryDescriptor md,
            final long localOffset,
            final long length,
            final AckRequest ack,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final AtomicOperation operation,
            final Datatype datatype) {
        final BoundMemory memory =
                checks.atomic(md, localOffset, length, ack, target, operation, datatype);
        progress.enter();
        try {
            checkUsable(memory);
            return instance.initiator()
                    .atomics()
                    .start(
                            instance.connections().connect(target.nid(), target.pid()),
                            kind,
                            memory,
                            localOffset,
                            length,
                            ack,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData,
                            operation,
                            datatype);
        } finally {
            instance.connections().abortOpenClaim();
            progress.exit();
        }
    }

    @Override
    public final void fetchAtomic(
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final AtomicOperation operation,
            final Datatype datatype) {
        fetch(
                false,
                getMd,
                localGetOffset,
                putMd,
                localPutOffset,
                length,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData,
                headerData,
                null,
                operation,
                datatype);
    }

    @Override
    public final void swap(
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final @Nullable MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        fetch(
                true,
                getMd,
                localGetOffset,
                putMd,
                localPutOffset,
                length,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData,
                headerData,
                operand,
                operation,
                datatype);
    }

    private void fetch(
            final boolean swap,
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final @Nullable MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        if (tryFetch(
                        swap,
                        getMd,
                        localGetOffset,
                        putMd,
                        localPutOffset,
                        length,
                        target,
                        portalIndex,
                        matchBits,
                        remoteOffset,
                        userData,
                        headerData,
                        operand,
                        operation,
                        datatype)
                == ReturnCode.OK) {
            return;
        }
        // slots come back with responses, or when the peer is declared down
        int idle = 0;
        progress.beginWait();
        try {
            do {
                idle = progress.pauseUninterrupted(idle, Long.MAX_VALUE);
            } while (tryFetch(
                            swap,
                            getMd,
                            localGetOffset,
                            putMd,
                            localPutOffset,
                            length,
                            target,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData,
                            operand,
                            operation,
                            datatype)
                    != ReturnCode.OK);
        } finally {
            progress.endWait(idle);
        }
    }

    @Override
    public final ReturnCode tryFetchAtomic(
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final AtomicOperation operation,
            final Datatype datatype) {
        return tryFetch(
                false,
                getMd,
                localGetOffset,
                putMd,
                localPutOffset,
                length,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData,
                headerData,
                null,
                operation,
                datatype);
    }

    @Override
    public final ReturnCode trySwap(
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final @Nullable MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        return tryFetch(
                true,
                getMd,
                localGetOffset,
                putMd,
                localPutOffset,
                length,
                target,
                portalIndex,
                matchBits,
                remoteOffset,
                userData,
                headerData,
                operand,
                operation,
                datatype);
    }

    private ReturnCode tryFetch(
            final boolean swap,
            final MemoryDescriptor getMd,
            final long localGetOffset,
            final MemoryDescriptor putMd,
            final long localPutOffset,
            final long length,
            final ProcessId target,
            final int portalIndex,
            final long matchBits,
            final long remoteOffset,
            final long userData,
            final long headerData,
            final @Nullable MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        final BoundMemory from =
                checks.fetchFrom(putMd, localPutOffset, length, target, operation, datatype, swap);
        final BoundMemory into = checks.fetchInto(getMd, localGetOffset, length, target);
        AtomicChecks.operand(operand, operation, datatype);
        progress.enter();
        try {
            checkUsable(from);
            checkUsable(into);
            return instance.initiator()
                    .atomics()
                    .startFetch(
                            instance.connections().connect(target.nid(), target.pid()),
                            kind,
                            into,
                            localGetOffset,
                            from,
                            localPutOffset,
                            length,
                            portalIndex,
                            matchBits,
                            remoteOffset,
                            userData,
                            headerData,
                            operand,
                            operation,
                            datatype);
        } finally {
            instance.connections().abortOpenClaim();
            progress.exit();
        }
    }
}

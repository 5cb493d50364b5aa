package org.portals4j.conformance;

import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.EntryOption;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.OptionSet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The words of the tests of atomic operations. */
abstract class AtomicTest extends ConformanceTest {
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    AtomicTest(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    final MemorySegment longs(final long... values) {
        return arena.allocateFrom(ValueLayout.JAVA_LONG, values);
    }

    final MatchEntry open(final MemorySegment memory, final EntryOption... more) {
        return entry(memory)
                .options(OptionSet.of(more).with(EntryOption.OP_PUT).with(EntryOption.OP_GET));
    }

    final void sum(
            final MemoryDescriptor md,
            final long length,
            final AckRequest ack,
            final long matchBits,
            final long remoteOffset,
            final long userData) {
        initiator.atomic(
                md,
                0,
                length,
                ack,
                target.id(),
                portal.index(),
                matchBits,
                remoteOffset,
                userData,
                77,
                AtomicOperation.SUM,
                Datatype.INT64);
    }

    final void fetchSum(
            final MemoryDescriptor into,
            final long intoOffset,
            final MemoryDescriptor from,
            final long length,
            final long userData) {
        initiator.fetchAtomic(
                into,
                intoOffset,
                from,
                0,
                length,
                target.id(),
                portal.index(),
                0,
                0,
                userData,
                78,
                AtomicOperation.SUM,
                Datatype.INT64);
    }

    final void swap(
            final MemoryDescriptor into,
            final MemoryDescriptor from,
            final long length,
            final MemorySegment operand,
            final AtomicOperation operation,
            final Datatype datatype) {
        initiator.swap(
                into,
                0,
                from,
                0,
                length,
                target.id(),
                portal.index(),
                0,
                0,
                5,
                79,
                operand,
                operation,
                datatype);
    }
}

package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.portals4j.AckRequest;
import org.portals4j.AtomicOperation;
import org.portals4j.CountingEvent;
import org.portals4j.Datatype;
import org.portals4j.EntryOption;
import org.portals4j.EventKind;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** What atomic operations do to memory, and what they refuse to do. */
abstract class AtomicDataConformance extends AtomicTest {
    private static final int SUMS = 500;
    private static final int[][] VALUES = {{5, 3, 5}, {3, 5, 4}, {0, 6, 0}, {6, 0, 7}, {2, 2, 1}};

    AtomicDataConformance(final TransportConformance transport, final Topology topology) {
        super(transport, topology);
    }

    /** Small numbers, which all types hold exactly, against a model of whole numbers. */
    @Test
    void everyOperationOnEveryType() {
        final MemorySegment to = arena.allocate(64);
        final MemorySegment data = arena.allocate(32);
        final MemorySegment found = arena.allocate(32);
        link(open(to, EntryOption.EVENT_COMM_DISABLE), 1);
        final MemoryDescriptor from = bind(data);
        final MemoryDescriptor into = bind(found);
        for (final Datatype type : Datatype.values()) {
            for (final AtomicOperation operation : AtomicOperation.values()) {
                for (final int[] v : VALUES) {
                    final String text = operation + " " + type + " " + v[0] + " " + v[1];
                    encode(type, v[0], 1, to);
                    encode(type, v[1], 1, data);
                    if (!operation.isDefinedFor(type)) {
                        final MemorySegment operand = encode(type, v[2], 1, arena.allocate(32));
                        assertRefused(
                                ReturnCode.ARG_INVALID,
                                () -> start(into, from, operand, operation, type));
                        continue;
                    }
                    final MemorySegment operand = encode(type, v[2], 1, arena.allocate(32));
                    start(into, from, operand, operation, type);
                    operand.fill((byte) 0x55); // copied by the call
                    expect(initiatorQueue, EventKind.SEND, 5);
                    assertEquals(type.size(), expect(initiatorQueue, EventKind.REPLY, 5).mlength());
                    assertEquals(-1, mismatch(encode(type, v[0], 1, arena.allocate(32)), found));
                    final MemorySegment wanted = arena.allocate(32);
                    if (type.isComplex() && operation == AtomicOperation.PROD) {
                        encode(type, v[0] * v[1] - 1, v[0] + v[1], wanted);
                    } else {
                        final int imaginary = operation == AtomicOperation.SUM ? 2 : 1;
                        encode(type, model(operation, v[0], v[1], v[2]), imaginary, wanted);
                    }
                    assertEquals(-1, mismatch(wanted, to), text);
                }
            }
        }
        assertQuiet();
    }

    private static long mismatch(final MemorySegment wanted, final MemorySegment actual) {
        return MemorySegment.mismatch(wanted, 0, 32, actual, 0, 32);
    }

    private void start(
            final MemoryDescriptor into,
            final MemoryDescriptor from,
            final MemorySegment operand,
            final AtomicOperation operation,
            final Datatype type) {
        if (operation.isSwap()) {
            swap(into, from, type.size(), operand, operation, type);
        } else {
            fetch(into, from, operation, type);
        }
    }

    private void fetch(
            final MemoryDescriptor into,
            final MemoryDescriptor from,
            final AtomicOperation operation,
            final Datatype type) {
        final int index = portal.index();
        final int size = type.size();
        initiator.fetchAtomic(
                into, 0, from, 0, size, target.id(), index, 0, 0, 5, 0, operation, type);
    }

    private static int model(
            final AtomicOperation operation, final int t, final int d, final int o) {
        return switch (operation) {
            case MIN -> Math.min(t, d);
            case MAX -> Math.max(t, d);
            case SUM -> t + d;
            case PROD -> t * d;
            case LOR -> t != 0 || d != 0 ? 1 : 0;
            case LAND -> t != 0 && d != 0 ? 1 : 0;
            case LXOR -> (t != 0) != (d != 0) ? 1 : 0;
            case BOR -> t | d;
            case BAND -> t & d;
            case BXOR -> t ^ d;
            case SWAP -> d;
            case CSWAP -> o == t ? d : t;
            case CSWAP_NE -> o != t ? d : t;
            case CSWAP_LE -> o <= t ? d : t;
            case CSWAP_LT -> o < t ? d : t;
            case CSWAP_GE -> o >= t ? d : t;
            case CSWAP_GT -> o > t ? d : t;
            case MSWAP -> t & ~o | d & o;
        };
    }

    private static MemorySegment encode(
            final Datatype type, final int real, final int imaginary, final MemorySegment to) {
        to.fill((byte) 0);
        switch (type) {
            case INT8, UINT8 -> to.set(ValueLayout.JAVA_BYTE, 0, (byte) real);
            case INT16, UINT16 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, (short) real);
            case INT32, UINT32 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, 0, real);
            case INT64, UINT64 -> to.set(LONG, 0, real);
            default -> {
                final int size = type.isComplex() ? type.size() / 2 : type.size();
                encodeReal(size, real, to);
                if (type.isComplex()) {
                    encodeReal(size, imaginary, to.asSlice(size));
                }
            }
        }
        return to;
    }

    private static void encodeReal(final int size, final int value, final MemorySegment to) {
        switch (size) {
            case 4 -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, value);
            case 8 -> to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, value);
            default -> {
                if (value != 0) {
                    final int zeros = Long.numberOfLeadingZeros(Math.abs((long) value));
                    final int sign = value < 0 ? 0x8000 : 0;
                    to.set(LONG, 0, Math.abs((long) value) << zeros);
                    final short high = (short) (sign | 16383 + 63 - zeros);
                    to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 8, high);
                }
            }
        }
    }

    /** Elements that straddle the segments of the entry, and of both descriptors. */
    @Test
    void iovecs() {
        final MemorySegment to = longs(1, 2, 3);
        final MatchEntry cut = new MatchEntry().iovec(Memory.split(to, 3, 7, 0, 5));
        link(cut.options(EntryOption.OP_PUT, EntryOption.OP_GET), 1);
        final MemorySegment found = arena.allocate(24);
        final MemoryDescriptor into =
                initiator.bind(
                        MemoryDescriptor.of()
                                .iovec(Memory.split(found, 1, 1))
                                .eventQueue(initiatorQueue));
        final MemoryDescriptor from =
                initiator.bind(
                        MemoryDescriptor.of()
                                .iovec(Memory.split(longs(10, 20, 30), 9))
                                .eventQueue(initiatorQueue));
        fetchSum(into, 0, from, 24, 2);
        expect(initiatorQueue, EventKind.SEND, 2);
        expect(initiatorQueue, EventKind.REPLY, 2);
        expect(targetQueue, EventKind.FETCH_ATOMIC, 1);
        assertEquals(-1, to.mismatch(longs(11, 22, 33)));
        assertEquals(-1, found.mismatch(longs(1, 2, 3)));
    }

    /** What is fetched is what was there, however long the reply waits while puts follow. */
    @Test
    void repliesDoNotSeeLaterPuts() {
        final int rounds = 100;
        final MemorySegment to = longs(0);
        link(open(to, EntryOption.EVENT_COMM_DISABLE), 1);
        final MemorySegment found = arena.allocate(8L * rounds);
        final MemoryDescriptor into = bind(found);
        final MemoryDescriptor zero = bind(longs(0));
        final MemorySegment numbers = arena.allocate(8L * rounds);
        final MemoryDescriptor from = bind(numbers);
        for (int i = 0; i < rounds; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_LONG, i, i + 1L);
            fetchSum(into, 8L * i, zero, 8, i);
            initiator.put(
                    from, 8L * i, 8, AckRequest.NO_ACK, target.id(), portal.index(), 0, 0, i, i);
        }
        int replies = 0;
        for (int i = 0; i < 3 * rounds; i++) {
            replies += next(initiatorQueue).kind() == EventKind.REPLY ? 1 : 0;
        }
        assertEquals(rounds, replies);
        for (int i = 0; i < rounds; i++) {
            assertEquals(i, found.getAtIndex(ValueLayout.JAVA_LONG, i));
        }
        assertQuiet();
        assertEquals(rounds, to.get(LONG, 0));
    }

    /** Two processes count at once: nothing is lost, and no two fetch the same number. */
    @Test
    void concurrentSumsAreExact() throws Exception {
        final MemorySegment to = longs(0);
        portal.append(open(to, EntryOption.EVENT_COMM_DISABLE), ListKind.PRIORITY, 1);
        final boolean[] seen = new boolean[2 * SUMS];
        try (Portals other = Portals.open(newContext())) {
            final NetworkInterface ni = other.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            final FutureTask<long[]> theirs = new FutureTask<>(counting(ni));
            final Thread thread = new Thread(theirs, "second initiator");
            thread.start();
            mark(seen, counting(initiator).call());
            mark(seen, theirs.get());
        }
        assertEquals(2 * SUMS, to.get(LONG, 0));
    }

    private static void mark(final boolean[] seen, final long[] values) {
        for (final long value : values) {
            assertTrue(!seen[(int) value], () -> value + " was fetched twice");
            seen[(int) value] = true;
        }
    }

    private Callable<long[]> counting(final NetworkInterface ni) {
        return () -> {
            final MemorySegment found = arena.allocate(8L * SUMS);
            final var replies = ni.allocateCountingEvent();
            final MemoryDescriptor into =
                    ni.bind(
                            MemoryDescriptor.of(found)
                                    .options(MdOption.EVENT_CT_REPLY)
                                    .counter(replies));
            final MemoryDescriptor one = ni.bind(MemoryDescriptor.of(longs(1)));
            for (int i = 0; i < SUMS; i++) {
                final int index = portal.index();
                ni.fetchAtomic(
                        into,
                        8L * i,
                        one,
                        0,
                        8,
                        target.id(),
                        index,
                        0,
                        0,
                        i,
                        0,
                        AtomicOperation.SUM,
                        Datatype.UINT64);
            }
            final var value = new CountingEvent.Value();
            assertEquals(ReturnCode.OK, replies.await(SUMS, deadlineNs(), value));
            assertEquals(0, replies.failure());
            return found.toArray(ValueLayout.JAVA_LONG);
        };
    }

    @Test
    void argumentsAreChecked() {
        final MemoryDescriptor md = bind(arena.allocate(64));
        final MemorySegment operand = arena.allocate(8);
        final Datatype type = Datatype.INT64;
        refused(() -> fetch(md, md, AtomicOperation.CSWAP, type));
        refused(() -> swap(md, md, 8, operand, AtomicOperation.SUM, type));
        refused(() -> swap(md, md, 16, operand, AtomicOperation.CSWAP, type));
        refused(() -> swap(md, md, 16, operand, AtomicOperation.MSWAP, type));
        refused(() -> swap(md, md, 8, null, AtomicOperation.CSWAP, type));
        refused(() -> swap(md, md, 8, operand.asSlice(1), AtomicOperation.CSWAP, type));
        refused(() -> swap(md, md, 65, null, AtomicOperation.SWAP, type));
        refused(() -> sum(md, 65, AckRequest.NO_ACK, 0, 0, 0));
        refused(() -> sum(md, -1, AckRequest.NO_ACK, 0, 0, 0));
        refused(() -> fetchSum(md, 57, md, 8, 0));
        final MemoryDescriptor bare = initiator.bind(MemoryDescriptor.of(arena.allocate(8)));
        refused(() -> sum(bare, 8, AckRequest.ACK, 0, 0, 0));
        refused(() -> sum(bare, 8, AckRequest.CT_ACK, 0, 0, 0));
        final MemorySegment constant = arena.allocate(8).asReadOnly();
        final MemoryDescriptor readOnly = initiator.bind(MemoryDescriptor.of(constant));
        refused(() -> fetchSum(readOnly, 0, md, 8, 0));
        if (!self()) {
            final MemoryDescriptor theirs = target.bind(MemoryDescriptor.of(arena.allocate(8)));
            refused(() -> fetchSum(theirs, 0, md, 8, 0));
            refused(() -> fetchSum(md, 0, theirs, 8, 0));
        }
        assertEquals(ReturnCode.OK, md.release());
        refused(() -> fetchSum(md, 0, md, 8, 0));
        assertQuiet();
    }

    private static void refused(final Executable call) {
        assertRefused(ReturnCode.ARG_INVALID, call);
    }
}

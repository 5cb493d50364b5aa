package org.portals4j.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class MemoryViewTest {
    private final MemoryView view = new MemoryView();

    @Test
    void shouldCopyAsTheConcatenationDoes() {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("MemoryViewTest seed " + seed);
        final Random random = new Random(seed);
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 500; round++) {
                final List<MemorySegment> parts = parts(random, arena);
                view.set(List.copyOf(parts));
                final byte[] model = new byte[(int) view.length()];
                final int offset = random.nextInt(model.length + 1);
                final int length = random.nextInt(model.length - offset + 1);
                final MemorySegment bytes = arena.allocate(Math.max(1, length));
                for (int i = 0; i < length; i++) {
                    bytes.set(ValueLayout.JAVA_BYTE, i, (byte) (1 + random.nextInt(100)));
                    model[offset + i] = bytes.get(ValueLayout.JAVA_BYTE, i);
                }
                assertTrue(view.copyIn(offset, length, bytes.address()));
                assertEquals(-1, MemorySegment.ofArray(model).mismatch(flat(parts)));
                bytes.fill((byte) 0);
                assertTrue(view.copyOut(offset, length, bytes.address()));
                assertEquals(
                        -1,
                        MemorySegment.ofArray(model)
                                .asSlice(offset, length)
                                .mismatch(bytes.asSlice(0, length)));
            }
        }
    }

    private static List<MemorySegment> parts(final Random random, final Arena arena) {
        final List<MemorySegment> parts = new ArrayList<>();
        for (int i = 0, n = 1 + random.nextInt(6); i < n; i++) {
            final int size = random.nextInt(20);
            parts.add(
                    random.nextBoolean()
                            ? MemorySegment.ofArray(new byte[size])
                            : arena.allocate(size + 1L).asSlice(0, size));
        }
        return parts;
    }

    private static MemorySegment flat(final List<MemorySegment> parts) {
        final byte[] all = new byte[(int) parts.stream().mapToLong(MemorySegment::byteSize).sum()];
        int at = 0;
        for (final MemorySegment part : parts) {
            MemorySegment.copy(part, 0, MemorySegment.ofArray(all), at, part.byteSize());
            at += (int) part.byteSize();
        }
        return MemorySegment.ofArray(all);
    }

    @Test
    void shouldTellWhereAnOffsetFalls() {
        final List<MemorySegment> parts =
                List.of(
                        MemorySegment.ofArray(new byte[4]),
                        MemorySegment.ofArray(new byte[0]),
                        MemorySegment.ofArray(new byte[6]));
        view.set(parts);
        assertEquals(10, view.length());
        assertSame(parts.get(0), view.segmentAt(3));
        assertSame(parts.get(2), view.segmentAt(4));
        assertEquals(0, view.offsetAt(4));
        assertEquals(5, view.offsetAt(9));
        assertSame(parts.get(2), view.segmentAt(10));
        assertEquals(6, view.offsetAt(10));
    }

    @Test
    void shouldAnswerFalseWhenTheArenaIsClosed() {
        try (Arena scratch = Arena.ofConfined()) {
            final MemorySegment bytes = scratch.allocate(8);
            final MemorySegment gone;
            try (Arena arena = Arena.ofConfined()) {
                gone = arena.allocate(8);
                view.set(gone);
                assertTrue(view.isAlive());
                assertTrue(view.copyIn(0, 8, bytes.address()));
            }
            assertFalse(view.isAlive());
            assertFalse(view.copyIn(0, 8, bytes.address()));
            assertFalse(view.copyOut(0, 8, bytes.address()));
            assertTrue(view.copyOut(0, 0, bytes.address()), "nothing to copy cannot fail");
        }
    }

    @Test
    void shouldKnowReadOnlyAndConfinedSegments() throws InterruptedException {
        view.set(
                List.of(
                        MemorySegment.ofArray(new byte[1]),
                        MemorySegment.ofArray(new byte[1]).asReadOnly()));
        assertTrue(view.isReadOnly());
        try (Arena arena = Arena.ofConfined()) {
            view.set(arena.allocate(1));
            assertFalse(view.isReadOnly());
            assertTrue(view.isAccessibleBy(Thread.currentThread()));
            final Thread other = new Thread(() -> {});
            assertFalse(view.isAccessibleBy(other));
        }
    }
}

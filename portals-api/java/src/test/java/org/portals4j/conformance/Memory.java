package org.portals4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The kinds of user memory that every operation must work with, and patterns to fill it with. */
enum Memory {
    /** A byte array. */
    HEAP,
    /** Native memory of a shared arena: may go away, so never exposed to hardware. */
    SHARED,
    /** Native memory that cannot go away while reachable: may be exposed to hardware. */
    AUTO,
    /** A mapped file. */
    MAPPED;

    /** Where files are made; removed from the directory at once, so that nothing is left behind. */
    static final String DIRECTORY =
            System.getProperty("portals.conformance.dir", System.getProperty("java.io.tmpdir"));

    /** Zeroed memory of this kind; the arena is used by those kinds that need one. */
    MemorySegment allocate(final Arena arena, final long bytes) {
        return switch (this) {
            case HEAP -> MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
            case SHARED -> arena.allocate(bytes, 1);
            case AUTO -> Arena.ofAuto().allocate(bytes, 1);
            case MAPPED -> map(arena, bytes);
        };
    }

    /** Maps a new sparse file that has no name any more. */
    static MemorySegment map(final Arena arena, final long bytes) {
        final Path file = Path.of(DIRECTORY, "portals4j-" + UUID.randomUUID());
        try (FileChannel channel =
                FileChannel.open(file, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that {@link #fill} writes: they depend on the seed and on the place. */
    static byte[] pattern(final long seed, final int length) {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (((i + 1) * 0x9E3779B97F4A7C15L + seed * 0xD1B54A32D192ED03L) >>> 56);
        }
        return bytes;
    }

    static void fill(final MemorySegment segment, final long offset, final byte[] bytes) {
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, offset, bytes.length);
    }

    static byte[] bytes(final MemorySegment segment, final long offset, final int length) {
        final byte[] bytes = new byte[length];
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return bytes;
    }

    /** Fails with the first difference. */
    static void assertBytes(
            final byte[] expected,
            final MemorySegment segment,
            final long offset,
            final String what) {
        final MemorySegment wanted = MemorySegment.ofArray(expected);
        final long at = wanted.mismatch(segment.asSlice(offset, expected.length));
        assertEquals(-1L, at, () -> what + ": first difference at " + at + " of " + wanted);
    }

    /** Splits memory into consecutive segments of the lengths given; the last takes the rest. */
    static List<MemorySegment> split(final MemorySegment whole, final long... lengths) {
        final List<MemorySegment> parts = new ArrayList<>();
        long at = 0;
        for (final long length : lengths) {
            parts.add(whole.asSlice(at, length));
            at += length;
        }
        parts.add(whole.asSlice(at));
        return List.copyOf(parts);
    }
}

package org.portals4j.tools.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file as memory. The library's threads touch it too, hence the shared arena. */
@SuppressWarnings("MustBeClosedChecker") // the arena is closed by close()
final class MappedFile implements AutoCloseable {
    private final Arena arena;
    private final MemorySegment memory;

    private MappedFile(final Arena arena, final MemorySegment memory) {
        this.arena = arena;
        this.memory = memory;
    }

    /** Maps a whole file for reading. */
    static MappedFile read(final Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return map(channel, FileChannel.MapMode.READ_ONLY, channel.size());
        }
    }

    /** Creates a file of a size, which must not exist, and maps it for writing. */
    static MappedFile create(final Path file, final long size) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE_NEW)) {
            return map(channel, FileChannel.MapMode.READ_WRITE, size);
        }
    }

    /** Memory without a file. */
    static MappedFile scratch(final long size) {
        final Arena arena = Arena.ofShared();
        return new MappedFile(arena, arena.allocate(size));
    }

    MemorySegment memory() {
        return memory;
    }

    /** Unmaps; a descriptor or entry over the memory must be gone by now. */
    @Override
    public void close() {
        arena.close();
    }

    private static MappedFile map(
            final FileChannel channel, final FileChannel.MapMode mode, final long size)
            throws IOException {
        final Arena arena = Arena.ofShared();
        try {
            return new MappedFile(arena, channel.map(mode, 0, size, arena));
        } catch (final IOException | RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }
}

package org.portals4j.tools.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The regular files below a directory, the largest first so that the small ones fill the gaps.
 *
 * @param files the files
 * @param skipped symbolic links, special files and unreadable files, which are not sent
 */
public record SourceTree(List<SourceFile> files, int skipped) {
    /**
     * Copies the list.
     *
     * @param files the files
     * @param skipped what is not sent
     */
    public SourceTree {
        files = List.copyOf(files);
    }

    /**
     * Walks a directory, or takes a single file under its own name.
     *
     * @param start a directory or a file
     * @return what is there
     * @throws IOException if it cannot be read
     */
    public static SourceTree of(final Path start) throws IOException {
        final Path root = start.toRealPath();
        if (Files.isRegularFile(root)) {
            final String name = String.valueOf(start.toAbsolutePath().normalize().getFileName());
            return new SourceTree(List.of(new SourceFile(name, root, Files.size(root))), 0);
        }
        final Walk walk = new Walk(root);
        Files.walkFileTree(root, walk);
        walk.files.sort(
                Comparator.comparingLong(SourceFile::size)
                        .reversed()
                        .thenComparing(SourceFile::name));
        return new SourceTree(walk.files, walk.skipped);
    }

    /**
     * The files that fit into a number of bytes, largest first; the smaller ones that follow a file
     * left out are still taken.
     *
     * @param bytes the limit
     * @return a tree of at most so many bytes
     */
    public SourceTree limitedTo(final long bytes) {
        final List<SourceFile> taken = new ArrayList<>();
        long left = bytes;
        for (final SourceFile file : files) {
            if (file.size() <= left) {
                taken.add(file);
                left -= file.size();
            }
        }
        return new SourceTree(taken, skipped);
    }

    /**
     * The sum of the sizes.
     *
     * @return bytes
     */
    public long bytes() {
        return files.stream().mapToLong(SourceFile::size).sum();
    }

    /** Collects the files. */
    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path root;
        private final List<SourceFile> files = new ArrayList<>();
        private int skipped;

        Walk(final Path root) {
            this.root = root;
        }

        @Override
        public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && Files.isReadable(file)) {
                final String name =
                        root.relativize(file)
                                .toString()
                                .replace(file.getFileSystem().getSeparator(), "/");
                files.add(new SourceFile(name, file, attributes.size()));
            } else {
                skipped++;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(final Path file, final IOException e) {
            skipped++;
            return FileVisitResult.CONTINUE;
        }
    }
}

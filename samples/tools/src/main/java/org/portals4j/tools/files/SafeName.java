package org.portals4j.tools.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * File names on the wire: relative, UTF-8, with {@code /} between parts. A name from a peer must
 * not lead out of the served directory, neither by its text nor through a symbolic link that lies
 * there.
 */
final class SafeName {
    /** Marks files that are still being received; no name may contain it. */
    static final String PART_MARK = ".portals-part-";

    private SafeName() {}

    /**
     * Checks a name and turns it into a path.
     *
     * @param root the served directory
     * @param name from the wire
     * @return a path below the root
     * @throws RefusedException with a sentence for the peer
     */
    static Path resolve(final Path root, final String name) throws RefusedException {
        final int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length > Protocol.MAX_NAME) {
            throw new RefusedException(
                    "name of " + length + " bytes is longer than " + Protocol.MAX_NAME);
        }
        for (final String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new RefusedException("name leads out of the directory: " + name);
            }
            if (part.indexOf('\0') >= 0 || part.contains(PART_MARK)) {
                throw new RefusedException("name is not allowed: " + name);
            }
        }
        try {
            final Path path = root.resolve(name).normalize();
            if (!path.startsWith(root) || path.equals(root)) {
                throw new RefusedException("name leads out of the directory: " + name);
            }
            return path;
        } catch (final InvalidPathException e) {
            throw new RefusedException("name cannot be a file here: " + e.getReason());
        }
    }

    /**
     * Refuses paths that pass through a symbolic link.
     *
     * @param root the served directory
     * @param path below the root
     * @throws RefusedException if a part of the path is a link
     */
    static void refuseLinks(final Path root, final Path path) throws RefusedException {
        Path step = root;
        for (final Path part : root.relativize(path)) {
            step = step.resolve(part);
            if (Files.isSymbolicLink(step)) {
                throw new RefusedException(
                        "name passes through a symbolic link: " + root.relativize(path));
            }
        }
    }

    /**
     * The directories above a file, made where they are missing.
     *
     * @param root the served directory
     * @param path below the root
     * @throws RefusedException if a part is a link, or is no directory
     * @throws IOException if the file system refuses
     */
    static void createParents(final Path root, final Path path)
            throws RefusedException, IOException {
        refuseLinks(root, path);
        final Path parent = path.getParent();
        if (parent != null && !Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(parent);
        }
    }

    /** A request that is refused with a sentence for the peer. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(final String message) {
            super(message);
        }
    }
}

package org.portals4j.tools.files;

import org.portals4j.EntryOption;
import org.portals4j.PortalTableEntry;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * A file that a client sends: under a name of its own until it is complete and its checksum is
 * right, then renamed. The client's puts land in the mapped file itself.
 */
final class ReceivedFile implements ServedFile {
    private final Path target;
    private final Path part;
    private final MappedFile mapped;
    private final ServedEntry entry;

    private ReceivedFile(
            final Path target, final Path part, final MappedFile mapped, final ServedEntry entry) {
        this.target = target;
        this.part = part;
        this.mapped = mapped;
        this.entry = entry;
    }

    static ReceivedFile open(
            final PortalTableEntry portal,
            final ProcessId client,
            final long matchBits,
            final Path root,
            final String name,
            final long size)
            throws SafeName.RefusedException, IOException {
        final Path target = SafeName.resolve(root, name);
        SafeName.createParents(root, target);
        if (Files.isDirectory(target)) {
            throw new SafeName.RefusedException("is a directory here: " + name);
        }
        final FileStore store = Files.getFileStore(root);
        if (size < 0 || size > store.getUsableSpace()) {
            throw new SafeName.RefusedException(
                    "no room for " + size + " bytes: " + store.getUsableSpace() + " are free");
        }
        final Path part = target.resolveSibling(SafeName.PART_MARK + Long.toHexString(matchBits));
        Files.deleteIfExists(part);
        final MappedFile mapped = MappedFile.create(part, size);
        try {
            return new ReceivedFile(
                    target,
                    part,
                    mapped,
                    new ServedEntry(
                            portal, client, matchBits, mapped.memory(), EntryOption.OP_PUT));
        } catch (final RuntimeException e) {
            mapped.close();
            Files.deleteIfExists(part);
            throw e;
        }
    }

    @Override
    public long matchBits() {
        return entry.matchBits();
    }

    long size() {
        return mapped.memory().byteSize();
    }

    /**
     * Checks what has arrived and gives it its name. The hash is taken after the entry is unlinked:
     * nobody can change the bytes any more.
     *
     * @param expected the client's checksum
     * @return the checksum of what is in the file
     */
    byte[] commit(final byte[] expected) throws SafeName.RefusedException, IOException {
        try (mapped) {
            if (!entry.unlink()) {
                throw new SafeName.RefusedException("a put into the file does not end");
            }
            final byte[] actual = Sha256.of(mapped.memory());
            if (!Arrays.equals(expected, actual)) {
                throw new SafeName.RefusedException(
                        "checksum of what arrived is "
                                + Sha256.text(actual)
                                + ", expected "
                                + Sha256.text(expected));
            }
            Files.move(
                    part,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return actual;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    @Override
    public void abandon() {
        entry.unlink();
        mapped.close();
        try {
            Files.deleteIfExists(part);
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot delete " + part, e);
        }
    }
}

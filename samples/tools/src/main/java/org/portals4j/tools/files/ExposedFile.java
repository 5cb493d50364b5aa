package org.portals4j.tools.files;

import org.portals4j.EntryOption;
import org.portals4j.PortalTableEntry;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A file that a client reads: mapped, and hashed while the client's gets go on. */
final class ExposedFile implements ServedFile {
    private final MappedFile mapped;
    private final ServedEntry entry;
    private final CompletableFuture<byte[]> sha256;

    private ExposedFile(
            final MappedFile mapped,
            final ServedEntry entry,
            final CompletableFuture<byte[]> sha256) {
        this.mapped = mapped;
        this.entry = entry;
        this.sha256 = sha256;
    }

    static ExposedFile open(
            final PortalTableEntry portal,
            final ProcessId client,
            final long matchBits,
            final Path root,
            final String name,
            final Executor workers)
            throws SafeName.RefusedException, IOException {
        final Path file = SafeName.resolve(root, name);
        SafeName.refuseLinks(root, file);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new SafeName.RefusedException("no such file: " + name);
        }
        final MappedFile mapped = MappedFile.read(file);
        try {
            final ServedEntry entry =
                    new ServedEntry(portal, client, matchBits, mapped.memory(), EntryOption.OP_GET);
            return new ExposedFile(
                    mapped,
                    entry,
                    CompletableFuture.supplyAsync(() -> Sha256.of(mapped.memory()), workers));
        } catch (final RuntimeException e) {
            mapped.close();
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

    /** Ends the access and waits for the checksum. */
    byte[] release() throws SafeName.RefusedException {
        try (mapped) {
            if (!entry.unlink()) {
                throw new SafeName.RefusedException("a get from the file does not end");
            }
            return sha256.join();
        }
    }

    @Override
    public void abandon() {
        entry.unlink();
        sha256.cancel(false);
        mapped.close();
    }
}

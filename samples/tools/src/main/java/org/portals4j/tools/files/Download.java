package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;
import org.portals4j.MemoryDescriptor;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.Executor;

/** Reads a file: FETCH, gets, RELEASE. */
final class Download extends Transfer {
    private final @Nullable Path destination;
    private final Executor worker;
    private @Nullable Path part;
    private @Nullable MemorySegment memory;

    Download(
            final Mailbox mailbox,
            final ProcessId server,
            final long id,
            final FileRequest request,
            final Executor worker) {
        super(mailbox, server, id, request.name());
        destination = request.destination();
        this.worker = worker;
    }

    @Override
    void start() throws IOException {
        final byte[] body = Layout.fetch(name);
        mailbox.send(server, MessageType.FETCH, id, body);
    }

    @Override
    void onMessage(final MessageType type, final MemorySegment body) throws IOException {
        switch (type) {
            case EXPOSED -> {
                final long size = Layout.longAt(body, 8);
                if (size < 0) {
                    throw new MalformedMessageException("size=" + size);
                }
                memory = map(destination == null ? MappedFile.scratch(size) : create(size));
                opened(Layout.longAt(body, 0));
            }
            case RELEASED -> compare(Layout.shaAt(body, 0));
            default -> refused("the server answered " + type);
        }
    }

    @Override
    void move(
            final MemoryDescriptor descriptor,
            final long offset,
            final long length,
            final long userData) {
        mailbox.networkInterface()
                .get(
                        descriptor,
                        offset,
                        length,
                        server,
                        Protocol.DATA,
                        matchBits(),
                        offset,
                        userData);
    }

    @Override
    void finish() {
        if (memory != null) {
            hash(memory, worker);
            whenHashed(
                    sha ->
                            mailbox.send(
                                    server, MessageType.RELEASE, id, Layout.words(matchBits())));
        }
    }

    @Override
    void keep() throws IOException {
        if (part != null && destination != null) {
            Files.move(
                    part,
                    destination,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    void discard() {
        if (part != null) {
            try {
                Files.deleteIfExists(part);
            } catch (final IOException e) {
                throw new UncheckedIOException("cannot delete " + part, e);
            }
        }
    }

    private MappedFile create(final long size) throws IOException {
        final Path file = Objects.requireNonNull(destination).toAbsolutePath();
        final Path temporary =
                file.resolveSibling(SafeName.PART_MARK + ProcessHandle.current().pid() + "-" + id);
        final MappedFile mapped = MappedFile.create(temporary, size);
        part = temporary;
        return mapped;
    }
}

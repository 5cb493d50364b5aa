package org.portals4j.tools.files;

import org.portals4j.AckRequest;
import org.portals4j.MemoryDescriptor;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Executor;

/** Sends a file: STORE, puts, COMMIT. */
final class Upload extends Transfer {
    private final SourceFile source;
    private final Executor worker;

    Upload(
            final Mailbox mailbox,
            final ProcessId server,
            final long id,
            final SourceFile source,
            final Executor worker) {
        super(mailbox, server, id, source.name());
        this.source = source;
        this.worker = worker;
    }

    @Override
    void start() throws IOException {
        final MemorySegment memory = map(MappedFile.read(source.path()));
        hash(memory, worker);
        final byte[] body = Layout.store(size(), name);
        if (body.length > Protocol.MAX_MESSAGE) {
            throw new IOException("name is longer than " + Protocol.MAX_NAME + " bytes");
        }
        mailbox.send(server, MessageType.STORE, id, body);
    }

    @Override
    void onMessage(final MessageType type, final MemorySegment body) throws IOException {
        switch (type) {
            case READY -> opened(Layout.longAt(body, 0));
            case STORED -> compare(Layout.shaAt(body, 0));
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
                .put(
                        descriptor,
                        offset,
                        length,
                        AckRequest.ACK,
                        server,
                        Protocol.DATA,
                        matchBits(),
                        offset,
                        userData,
                        0);
    }

    @Override
    void finish() {
        whenHashed(
                sha ->
                        mailbox.send(
                                server, MessageType.COMMIT, id, Layout.commit(matchBits(), sha)));
    }

    @Override
    void keep() {}

    @Override
    void discard() {}
}

package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;
import org.portals4j.Event;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NiFail;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * One file on its way, seen from the client: ask, move chunks, compare checksums. All methods are
 * called by the client's thread; only hashing happens elsewhere.
 */
abstract class Transfer {
    private static final int CHUNK_BITS = 28;

    final long id;
    final String name;
    final Mailbox mailbox;
    final ProcessId server;
    private final BitSet outstanding = new BitSet();
    private @Nullable MappedFile mapped;
    private @Nullable MemoryDescriptor md;
    private @Nullable CompletableFuture<byte[]> sha256;
    private @Nullable CompletableFuture<Void> announced;
    private long matchBits;
    private boolean entryOpen;
    private long nextOffset;
    private long movedBytes;
    private boolean finishing;
    private @Nullable String error;
    private boolean done;

    Transfer(final Mailbox mailbox, final ProcessId server, final long id, final String name) {
        this.mailbox = mailbox;
        this.server = server;
        this.id = id;
        this.name = name;
    }

    /** Asks the server. */
    abstract void start() throws IOException;

    /** An answer of the server. */
    abstract void onMessage(MessageType type, MemorySegment body) throws IOException;

    /** Moves a part of the file. */
    abstract void move(MemoryDescriptor descriptor, long offset, long length, long userData);

    /** All parts have been moved. */
    abstract void finish();

    /** The server's checksum is the same: the last step. */
    abstract void keep() throws IOException;

    /** Deletes what {@link #keep} would have kept. */
    abstract void discard();

    final MemorySegment map(final MappedFile file) {
        mapped = file;
        md =
                mailbox.networkInterface()
                        .bind(MemoryDescriptor.of(file.memory()).eventQueue(mailbox.queue()));
        return file.memory();
    }

    final void hash(final MemorySegment memory, final Executor worker) {
        sha256 = CompletableFuture.supplyAsync(() -> Sha256.of(memory), worker);
    }

    /** Calls back with the checksum, here or in the worker. */
    final void whenHashed(final Consumer<byte[]> action) {
        announced = Objects.requireNonNull(sha256, "hash comes first").thenAccept(action);
    }

    final void opened(final long bits) {
        matchBits = bits;
        entryOpen = true;
        finishIfMoved();
    }

    final long matchBits() {
        return matchBits;
    }

    final long size() {
        return mapped == null ? 0 : mapped.memory().byteSize();
    }

    final boolean isDone() {
        return done;
    }

    final @Nullable String error() {
        return error;
    }

    /** Whether a chunk waits to be moved. */
    final boolean hasChunk() {
        return entryOpen && error == null && nextOffset < size();
    }

    /** Moves the next chunk. */
    final void moveChunk() {
        final MemoryDescriptor descriptor = Objects.requireNonNull(md);
        final int chunk = (int) (nextOffset / Protocol.CHUNK);
        final long length = lengthOf(chunk);
        outstanding.set(chunk);
        final long offset = nextOffset;
        nextOffset += length;
        move(descriptor, offset, length, Protocol.tag(Protocol.TAG_DATA, id << CHUNK_BITS | chunk));
    }

    /** The transfer that an event of a chunk belongs to. */
    static long idOf(final Event event) {
        return Protocol.valueOf(event.userData()) >>> CHUNK_BITS;
    }

    /**
     * A chunk has ended.
     *
     * @return its bytes, 0 if it failed, or -1 if it had ended before
     */
    final long onChunk(final Event event) {
        final int chunk = (int) (event.userData() & ((1 << CHUNK_BITS) - 1));
        if (!outstanding.get(chunk)) {
            return -1;
        }
        outstanding.clear(chunk);
        final long length = lengthOf(chunk);
        if (event.niFail() != NiFail.OK) {
            fail(event.kind() + " of a chunk: " + event.niFail());
        } else if (event.mlength() != length) {
            fail("a chunk was cut to " + event.mlength() + " of " + length + " bytes");
        }
        final long moved = error == null ? length : 0;
        movedBytes += moved;
        finishIfMoved();
        return moved;
    }

    /** Compares checksums and ends the transfer. */
    final void compare(final byte[] theirs) throws IOException {
        if (sha256 == null || !sha256.isDone()) {
            refused("the server answered too early");
            return;
        }
        final byte[] ours = sha256.join();
        if (Arrays.equals(ours, theirs)) {
            keep();
        } else {
            error = "checksums differ: " + Sha256.text(ours) + ", peer " + Sha256.text(theirs);
        }
        entryOpen = false;
        end();
    }

    /** Gives up: at once, or when the chunks on the way have ended. */
    final void fail(final String why) {
        if (error == null) {
            error = why;
        }
        if (outstanding.isEmpty()) {
            if (entryOpen) {
                mailbox.send(server, MessageType.ABORT, id, Layout.words(matchBits));
                entryOpen = false;
            }
            end();
        }
    }

    /** The server says that it has ended its side. */
    final void refused(final String why) {
        entryOpen = false;
        fail(why);
    }

    /** Looks after the worker, whose failure sends no message. */
    final void checkWorker() {
        if (announced != null && announced.isCompletedExceptionally() && !done) {
            fail("cannot read the file: " + announced.exceptionNow());
        }
    }

    /** Frees memory; chunks that are on the way end first. */
    final void end() {
        if (done) {
            return;
        }
        done = true;
        if (sha256 != null) {
            sha256.cancel(false);
        }
        if (md != null) {
            md.close();
        }
        if (mapped != null) {
            mapped.close();
        }
        if (error != null) {
            discard();
        }
    }

    final FileOutcome outcome() {
        final CompletableFuture<byte[]> hash = sha256;
        final String text =
                hash != null && hash.state() == Future.State.SUCCESS
                        ? Sha256.text(hash.resultNow())
                        : "";
        return new FileOutcome(name, movedBytes, text, error);
    }

    private void finishIfMoved() {
        if (entryOpen && outstanding.isEmpty() && nextOffset >= size() && !finishing) {
            finishing = true;
            if (error == null) {
                finish();
            }
        }
        if (error != null) {
            fail(error);
        }
    }

    private long lengthOf(final int chunk) {
        return Math.min(Protocol.CHUNK, size() - (long) chunk * Protocol.CHUNK);
    }
}

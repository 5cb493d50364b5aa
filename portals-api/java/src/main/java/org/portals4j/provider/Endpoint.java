package org.portals4j.provider;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * The transport's half of one Portals instance: one address, frames out by claim and commit, frames
 * in by poll, and optionally remote memory access. See the package documentation for threading.
 *
 * <p>Memory access has defaults that say "not offered", which fit {@link
 * Capabilities#framesOnly(int, int, boolean)}.
 */
public interface Endpoint {
    /** Access of peers to a region: none, it is local to this endpoint's own reads and writes. */
    int ACCESS_LOCAL = 0;

    /** Access of peers to a region: they may read it. */
    int ACCESS_REMOTE_READ = 1;

    /** Access of peers to a region: they may write it. */
    int ACCESS_REMOTE_WRITE = 2;

    /**
     * What this endpoint can do.
     *
     * @return constant over its life
     */
    Capabilities capabilities();

    /**
     * The node id others reach this endpoint by.
     *
     * @return the nid
     */
    int nid();

    /**
     * The process id others reach this endpoint by.
     *
     * @return the pid
     */
    int pid();

    /**
     * Lines for people about the transport: addresses, driver directory, settings.
     *
     * @return text, possibly of several lines
     */
    String describe();

    /**
     * The remote endpoint of a name. Never blocks and sends nothing: the way is set up by {@link
     * #tryClaim} and goes on in {@link #poll}. Asking again for a name that is not disconnected
     * gives the same object. The name may be this endpoint's own if the transport can; the engine
     * does not ask it.
     *
     * @param nid the node id
     * @param pid the process id
     * @return the peer
     */
    Peer peer(int nid, int pid);

    /**
     * Claims room for a frame. Hot path.
     *
     * @param peer where to
     * @param length bytes, 1 to {@link Capabilities#maxFrame()}
     * @param claim wrapped around the room on OK, untouched otherwise
     * @return OK, BUSY, CONNECTING or DOWN
     */
    ClaimStatus tryClaim(Peer peer, int length, Claim claim);

    /**
     * Sends the claimed frame. Cannot fail: a provider that meets a full queue later keeps the
     * frame and sends it in {@link #poll}. Hot path.
     *
     * @param claim the open claim
     */
    void commit(Claim claim);

    /**
     * Gives the claimed room back unsent.
     *
     * @param claim the open claim
     */
    void abort(Claim claim);

    /**
     * Registers memory for remote access or for local use by {@link #read} and {@link #write}.
     *
     * @param memory native memory that stays valid until released
     * @param access {@link #ACCESS_LOCAL} or a sum of the others
     * @return the region, or null: this memory cannot be registered, move it by frames
     */
    default @Nullable Region register(final MemorySegment memory, final int access) {
        return null;
    }

    /**
     * Writes the descriptor of exactly a part of a region, for the peer to read or write it by.
     *
     * @param region the region
     * @param offset where the part begins, bytes
     * @param length bytes of the part
     * @param buffer where the descriptor goes
     * @param at offset in the buffer
     * @return bytes written, at most {@link Capabilities#descriptorBytes()}
     */
    default int describe(
            final Region region,
            final long offset,
            final long length,
            final MutableDirectBuffer buffer,
            final int at) {
        throw notOffered();
    }

    /**
     * Reads remote memory into a local region; ends with {@link Handler#onDone}.
     *
     * @param peer the peer that made the descriptor
     * @param local the region to read into
     * @param localOffset offset in it, bytes
     * @param descriptor holds the descriptor
     * @param at offset of the descriptor
     * @param remoteOffset offset in the memory described, bytes
     * @param length bytes, 1 to {@link Capabilities#maxTransfer()}
     * @param context given back by onDone
     * @return OK, BUSY or DOWN
     */
    default ClaimStatus read(
            final Peer peer,
            final Region local,
            final long localOffset,
            final DirectBuffer descriptor,
            final int at,
            final long remoteOffset,
            final long length,
            final long context) {
        throw notOffered();
    }

    /**
     * Writes a local region to remote memory; ends with {@link Handler#onDone}, which means what
     * {@link Capabilities#writeCompletion()} says.
     *
     * @param peer the peer that made the descriptor
     * @param local the region to write from
     * @param localOffset offset in it, bytes
     * @param descriptor holds the descriptor
     * @param at offset of the descriptor
     * @param remoteOffset offset in the memory described, bytes
     * @param length bytes, 1 to {@link Capabilities#maxTransfer()}
     * @param context given back by onDone
     * @return OK, BUSY or DOWN
     */
    default ClaimStatus write(
            final Peer peer,
            final Region local,
            final long localOffset,
            final DirectBuffer descriptor,
            final int at,
            final long remoteOffset,
            final long length,
            final long context) {
        throw notOffered();
    }

    /**
     * Asks to end a read or write early; onDone still comes exactly once.
     *
     * @param context what the call was given
     */
    default void cancel(final long context) {
        throw notOffered();
    }

    /**
     * Releases a region; ends with {@link Handler#onReleased}.
     *
     * @param region what {@link #register} returned
     */
    default void release(final Region region) {
        throw notOffered();
    }

    /**
     * Does the transport's work and delivers what has arrived. Hot path.
     *
     * @param handler told of everything
     * @param maxFrames the most frames to deliver
     * @param maxBytes stop after this many bytes of frames
     * @return a measure of the work done, 0 for none
     */
    int poll(Handler handler, int maxFrames, int maxBytes);

    /**
     * Whether {@link #awaitWork} wakes up by itself when a frame arrives. Where it does not, the
     * engine waits its own way.
     *
     * @return true if awaiting is better than sleeping
     */
    default boolean canAwait() {
        return false;
    }

    /**
     * Waits for work without the instance's lock, by one thread at a time.
     *
     * @param nanos the longest time
     */
    default void awaitWork(final long nanos) {}

    /** Ends {@link #awaitWork} of another thread early. Any thread, at any time. */
    default void wakeup() {}

    /**
     * Whether the endpoint itself has failed, so that no frame can be sent or received any more
     * (its media driver is gone, for example). The engine asks now and then, ends every operation
     * and tells its callers.
     *
     * @return one sentence, or null while it works
     */
    default @Nullable String failure() {
        return null;
    }

    /**
     * Forgets a peer: frees the way to it and drops what was committed and not yet sent. The object
     * is dead afterwards; asking for the same name gives a new one. Frames from it may still be
     * delivered. May be called from within a handler.
     *
     * @param peer the peer
     */
    void disconnect(Peer peer);

    /**
     * Closes the endpoint, called once without the instance's lock after the last other call;
     * committed frames that the transport has taken are still sent for up to a time. May block for
     * that time.
     *
     * @param timeoutNs nanoseconds
     */
    void close(long timeoutNs);

    private static IllegalStateException notOffered() {
        return new IllegalStateException("this endpoint moves frames only: see its capabilities");
    }
}

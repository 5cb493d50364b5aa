package org.portals4j.engine.initiator;

import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.AckRequest;
import org.portals4j.NiFail;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;

/**
 * An operation slot: a put, get or atomic from the call to its last event. Preallocated in {@link
 * OperationSlots}; its id on the wire is (generation, index), so that a late response finds nobody.
 *
 * <pre>
 *   QUEUED --sent--&gt; (SEND posted if eager) --granted--&gt; pushing --all sent--&gt; (SEND posted)
 *                                                          --response--&gt; (ACK or REPLY posted) free
 * </pre>
 *
 * <p>Guarded by the instance's lock.
 */
final class Operation extends Sendable {
    final int index;
    int generation = 1;
    boolean inUse;

    boolean get;
    int kind;
    @Nullable Connection connection;
    @Nullable BoundMemory md;
    long localOffset;
    long length;
    AckRequest ack = AckRequest.NO_ACK;
    int portalIndex;
    long matchBits;
    long remoteOffset;
    long userData;
    long headerData;

    /** The request has left: a response may come. */
    boolean requested;

    /** It holds a unit of the peer's credit. */
    boolean credited;

    /** SEND is posted, or would have been but for options. */
    boolean sendPosted;

    /** It ended early in the program's eyes; the slot waits for the response. */
    boolean abandoned;

    /** What an atomic operation has beside a put; meaningless unless {@link #atomic}. */
    final AtomicFields fields = new AtomicFields();

    /** An atomic operation; a fetching one only until its request is sent. */
    boolean atomic;

    /** Bytes were captured when the call returned. */
    boolean captured;

    /** The data of a large put that is being pushed. */
    @Nullable PutTransfer transfer;

    /** A large reply is arriving. */
    boolean receiving;

    int replyList;
    long replyLength;
    long replyOffset;
    long received;
    NiFail placed = NiFail.OK;

    private final Initiator initiator;
    private @Nullable MutableDirectBuffer capture;

    Operation(final Initiator initiator, final int index) {
        this.initiator = initiator;
        this.index = index;
    }

    int id() {
        return generation << 16 | index;
    }

    void begin(final Connection peer) {
        inUse = true;
        connection = peer;
        requested = false;
        credited = false;
        sendPosted = false;
        abandoned = false;
        captured = false;
        atomic = false;
        receiving = false;
        received = 0;
        placed = NiFail.OK;
    }

    void end() {
        inUse = false;
        connection = null;
        md = null;
        transfer = null;
        generation++;
    }

    MutableDirectBuffer capture(final int size) {
        MutableDirectBuffer buffer = capture;
        if (buffer == null || buffer.capacity() < size) {
            buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(Math.max(size, 64), 8));
            capture = buffer;
        }
        return buffer;
    }

    @Override
    protected int send(final Connection to) {
        return initiator.send(this, to);
    }

    @Override
    protected void dropped(final Connection from) {
        initiator.undeliverable(this);
    }
}

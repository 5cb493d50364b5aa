package org.portals4j.provider;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint tells its engine, always from within {@link Endpoint#poll}. A handler may claim
 * and commit frames, but does not call {@code poll}. It never throws for what a frame contains.
 */
public interface Handler {
    /**
     * A frame has arrived. The buffer is valid during the call only.
     *
     * @param peer the sender where the transport knows it for certain, otherwise null: the engine
     *     goes by the connection id in the frame
     * @param channel names the stream of frames that this one came by: constant and unique over the
     *     life of the endpoint as long as no frame was lost or reordered between two of the same
     *     channel
     * @param buffer an off-heap buffer
     * @param offset where the frame begins
     * @param length bytes of the frame; a transport that pads may deliver only what was claimed
     */
    void onFrame(@Nullable Peer peer, long channel, DirectBuffer buffer, int offset, int length);

    /**
     * A {@code read} or {@code write} has ended.
     *
     * @param context what the call was given
     * @param status 0 for success, otherwise a code of the transport
     */
    void onDone(long context, int status);

    /**
     * A region can no longer be reached by anyone: its memory may be reused.
     *
     * @param region what {@link Endpoint#release} was given
     */
    void onReleased(Region region);

    /**
     * The way to a peer is set up.
     *
     * @param peer the peer
     */
    void onPeerUp(Peer peer);

    /**
     * The way to a peer is lost. The engine disconnects the peer and may ask for it anew.
     *
     * @param peer the peer
     * @param cause one sentence
     */
    void onPeerDown(Peer peer, String cause);

    /**
     * A claim for this peer that was BUSY or CONNECTING may succeed now. A hint that a provider
     * need not give.
     *
     * @param peer the peer
     */
    void onWritable(Peer peer);
}

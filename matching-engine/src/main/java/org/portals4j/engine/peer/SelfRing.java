package org.portals4j.engine.peer;

import org.agrona.BitUtil;
import org.agrona.BufferUtil;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Handler;

/**
 * The way of a process to itself: the same frames through a ring, delivered by a later turn, never
 * nested in the call that sends. Guarded by the instance's lock.
 */
final class SelfRing {
    private static final int TYPE = 1;
    private static final int MIN_LENGTH = 256 * 1024;

    private final OneToOneRingBuffer ring;
    private final MessageHandler deliver;
    private int claimed;

    SelfRing(final Handler handler, final int maxFrame) {
        final int length = Math.max(MIN_LENGTH, 16 * BitUtil.findNextPositivePowerOfTwo(maxFrame));
        ring =
                new OneToOneRingBuffer(
                        new UnsafeBuffer(
                                BufferUtil.allocateDirectAligned(
                                        length + RingBufferDescriptor.TRAILER_LENGTH, 64)));
        deliver =
                (type, buffer, offset, frameLength) ->
                        handler.onFrame(
                                null, Connections.SELF_CHANNEL, buffer, offset, frameLength);
    }

    ClaimStatus tryClaim(final int length, final Claim claim) {
        final int index = ring.tryClaim(TYPE, length);
        if (index <= 0) {
            return ClaimStatus.BUSY;
        }
        claimed = index;
        claim.wrap(ring.buffer(), index, length);
        return ClaimStatus.OK;
    }

    void commit() {
        ring.commit(claimed);
    }

    void abort() {
        ring.abort(claimed);
    }

    int poll(final int maxFrames) {
        return ring.read(deliver, maxFrames);
    }
}

package org.portals4j.loopback;

import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The frames on their way from one endpoint to another: one producer (who holds the sender's lock),
 * one consumer (who holds the receiver's).
 *
 * <p>A ring is <em>active</em> while its receiver visits it. The sender looks at the flag after
 * each commit, behind a full fence, and hands the ring to the receiver where it is not active; the
 * receiver takes the flag back, fences and looks once more. So one of the two always sees the
 * other's move, and rings without traffic cost the receiver nothing.
 */
final class Ring {
    private static final int FRAME = 1;
    private static final VarHandle ACTIVE;

    static {
        try {
            ACTIVE = MethodHandles.lookup().findVarHandle(Ring.class, "active", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OneToOneRingBuffer frames;
    private final LoopbackEndpoint sender;
    private final LoopbackEndpoint receiver;
    private final long channel;

    private volatile boolean active;
    private volatile boolean senderWaits;

    /** The next of those that senders have activated; guarded by the receiver's stack. */
    @Nullable Ring next;

    /** Visits without a frame since the last frame; the consumer's. */
    int idleVisits;

    Ring(
            final LoopbackEndpoint sender,
            final LoopbackEndpoint receiver,
            final long channel,
            final int length) {
        this.sender = sender;
        this.receiver = receiver;
        this.channel = channel;
        frames =
                new OneToOneRingBuffer(
                        new UnsafeBuffer(
                                BufferUtil.allocateDirectAligned(
                                        length + RingBufferDescriptor.TRAILER_LENGTH, 128)));
    }

    LoopbackEndpoint sender() {
        return sender;
    }

    LoopbackEndpoint receiver() {
        return receiver;
    }

    long channel() {
        return channel;
    }

    MutableDirectBuffer buffer() {
        return frames.buffer();
    }

    boolean isEmpty() {
        return frames.size() == 0;
    }

    /** Whether there is enough room to make waking a waiting sender worth it. */
    boolean isRoomy() {
        return frames.size() <= frames.capacity() / 2;
    }

    // --- the sender's side

    int tryClaim(final int length) {
        return frames.tryClaim(FRAME, length);
    }

    /** Asks the receiver to signal when it has made room; the sender tries again after this. */
    void askForRoom() {
        senderWaits = true;
        VarHandle.fullFence();
    }

    void commit(final int index) {
        frames.commit(index);
        VarHandle.fullFence();
        if (!active && activate()) {
            receiver.activated(this);
        }
        receiver.unparkWaiter();
    }

    void abort(final int index) {
        frames.abort(index);
    }

    // --- the receiver's side

    int read(final ControlledMessageHandler handler, final int maxFrames) {
        int count = frames.controlledRead(handler, maxFrames);
        if (count == 0 && !isEmpty()) { // only the padding at the end of the buffer was there
            count = frames.controlledRead(handler, maxFrames);
        }
        if (count > 0) {
            VarHandle.fullFence();
            if (senderWaits && isRoomy()) {
                senderWaits = false;
                sender.wakeup();
            }
        }
        return count;
    }

    /**
     * Takes the ring out of the receiver's visits, unless a frame has come in the meantime.
     *
     * @return false if it is to be visited further
     */
    boolean deactivate() {
        active = false;
        VarHandle.fullFence();
        return isEmpty() || !activate();
    }

    private boolean activate() {
        return ACTIVE.compareAndSet(this, false, true);
    }
}

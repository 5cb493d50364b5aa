package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;

/**
 * Frames on their way from one simulated endpoint to another, in order. A link outlives both ends:
 * what a dead sender had sent may arrive, and what was sent to a dead receiver may reach the next
 * one of its name.
 */
final class SimulatedLink {
    static final long NEVER = Long.MAX_VALUE;

    /** A committed frame. */
    static final class Frame {
        private final byte[] bytes;
        private final long at;
        private final long channel;

        Frame(final byte[] bytes, final long at, final long channel) {
            this.bytes = bytes;
            this.at = at;
            this.channel = channel;
        }

        byte[] bytes() {
            return bytes;
        }

        long at() {
            return at;
        }

        long channel() {
            return channel;
        }
    }

    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private final SimulatedEndpoint sender;
    private SimulatedEndpoint receiver;
    private long channel;
    private long lastAt;
    private int bytes;

    /** Whether what is sent from now on vanishes. */
    boolean swallows;

    /** Whether the sender has disconnected the peer. */
    boolean abandoned;

    /** When the sender's transport notices that the receiver is gone. */
    long downAt = NEVER;

    /** When the sender's peer object begins to lead to the successor of a killed receiver. */
    long relinkAt = NEVER;

    SimulatedLink(
            final SimulatedEndpoint sender, final SimulatedEndpoint receiver, final long channel) {
        this.sender = sender;
        this.receiver = receiver;
        this.channel = channel;
    }

    SimulatedEndpoint sender() {
        return sender;
    }

    SimulatedEndpoint receiver() {
        return receiver;
    }

    /** Whether nobody sends any more. */
    boolean isFinished() {
        return abandoned || !sender.isOpen();
    }

    int size() {
        return frames.size();
    }

    boolean hasRoom(final int length, final SimulationProfile profile) {
        return frames.size() < profile.framesInFlight()
                && bytes + length <= profile.bytesInFlight();
    }

    void send(final byte[] frame, final long at) {
        lastAt = Math.max(lastAt, at);
        bytes += frame.length;
        frames.add(new Frame(frame, lastAt, channel));
    }

    /** When the next frame arrives. */
    long nextAt() {
        final Frame first = frames.peek();
        return first == null || !receiver.isOpen() ? NEVER : first.at();
    }

    @Nullable Frame take() {
        final Frame frame = frames.poll();
        if (frame != null) {
            bytes -= frame.bytes().length;
        }
        return frame;
    }

    /** Nothing before this time arrives; the order stays. */
    void postpone(final long at) {
        for (int i = frames.size(); i > 0; i--) {
            final Frame frame = frames.remove();
            lastAt = Math.max(frame.at(), at);
            frames.add(new Frame(frame.bytes(), lastAt, frame.channel()));
        }
    }

    /**
     * Loses all but the first frames.
     *
     * @return the number of frames lost
     */
    int cutBehind(final int keep) {
        final int lost = frames.size() - keep;
        for (int i = 0; i < lost; i++) {
            bytes -= frames.removeLast().bytes().length;
        }
        return lost;
    }

    /** Frames sent from now on travel by another channel. */
    void useChannel(final long newChannel) {
        channel = newChannel;
    }

    /** What is on the way goes to the next endpoint of the receiver's name, the rest is lost. */
    void redirect(final SimulatedEndpoint successor, final long at) {
        receiver = successor;
        swallows = true;
        postpone(at);
    }
}

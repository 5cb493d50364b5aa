package org.portals4j.loopback;

import org.agrona.DirectBuffer;
import org.portals4j.ProcessId;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** What the tests of the seam share: opening endpoints, sending numbered frames, recording. */
final class Bench {
    static final int NID = Names.NID_DEFAULT;

    private static final long DEADLINE_NS = 20_000_000_000L;

    private Bench() {}

    /** A frame as it came. */
    static final class Frame {
        private final long channel;
        private final byte[] bytes;

        Frame(final long channel, final byte[] bytes) {
            this.channel = channel;
            this.bytes = bytes;
        }

        long channel() {
            return channel;
        }

        byte[] bytes() {
            return bytes;
        }

        /** The number that a frame of at least 8 bytes begins with. */
        long number() {
            return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        }
    }

    /** Records everything. */
    static final class Recorder implements Handler {
        final List<Frame> frames = new ArrayList<>();
        final List<String> news = new ArrayList<>();
        Peer lastSender;

        @Override
        public void onFrame(
                final Peer peer,
                final long channel,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            frames.add(new Frame(channel, bytes));
            lastSender = peer;
        }

        @Override
        public void onDone(final long context, final int status) {
            throw new AssertionError("no memory access was offered");
        }

        @Override
        public void onReleased(final Region region) {
            throw new AssertionError("no memory access was offered");
        }

        @Override
        public void onPeerUp(final Peer peer) {
            news.add("up " + peer.pid());
        }

        @Override
        public void onPeerDown(final Peer peer, final String cause) {
            news.add("down " + peer.pid());
        }

        @Override
        public void onWritable(final Peer peer) {
            news.add("writable " + peer.pid());
        }

        long[] numbers() {
            return frames.stream().mapToLong(Frame::number).toArray();
        }
    }

    static Endpoint open(final LoopbackFabric fabric, final int pid) {
        return open(fabric, pid, Map.of());
    }

    static Endpoint open(
            final LoopbackFabric fabric, final int pid, final Map<String, String> properties) {
        return new LoopbackProvider()
                .open(
                        new EndpointConfig(
                                "loopback", 0, pid, 1, properties, fabric, AssertionError::new),
                        System::nanoTime,
                        new SplittableRandom(1));
    }

    static Peer peer(final Endpoint from, final Endpoint to) {
        return from.peer(to.nid(), to.pid());
    }

    static ProcessId id(final Endpoint endpoint) {
        return new ProcessId(endpoint.nid(), endpoint.pid());
    }

    /** Sends a frame that begins with its number and ends with bytes made of it. */
    static ClaimStatus send(
            final Endpoint from, final Peer to, final Claim claim, final long n, final int length) {
        final ClaimStatus status = from.tryClaim(to, length, claim);
        if (status == ClaimStatus.OK) {
            if (claim.length() != length || claim.offset() % 8 != 0) {
                throw new AssertionError(claim.length() + " at " + claim.offset());
            }
            fill(claim, n);
            from.commit(claim);
        }
        return status;
    }

    static void fill(final Claim claim, final long n) {
        claim.buffer().putLong(claim.offset(), n);
        for (int i = 8; i < claim.length(); i++) {
            claim.buffer().putByte(claim.offset() + i, content(n, i));
        }
    }

    static byte content(final long n, final int i) {
        return (byte) (n * 31 + i);
    }

    static void check(final DirectBuffer buffer, final int offset, final int length) {
        final long n = buffer.getLong(offset);
        for (int i = 8; i < length; i++) {
            if (buffer.getByte(offset + i) != content(n, i)) {
                throw new AssertionError("frame " + n + " is damaged at byte " + i);
            }
        }
    }

    static void pollAll(final Endpoint endpoint, final Handler handler) {
        while (endpoint.poll(handler, 16, 65536) > 0) {}
    }

    static void await(final BooleanSupplier condition) {
        final long deadline = System.nanoTime() + DEADLINE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within 20 s");
            }
            Thread.onSpinWait();
        }
    }
}

package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.lang.management.ManagementFactory;

/** The frame path allocates nothing. */
@ExtendWith(Leftovers.class)
class AllocationTest {
    private static final int ROUNDS = 20_000;

    @ParameterizedTest
    @ValueSource(strings = {"ipc", "aeron", "udp"})
    void shouldAllocateNothingOnTheFramePath(final String transport) {
        try (Node a = Node.open(transport, Node.PID_ANY);
                Node b = Node.open(transport, Node.PID_ANY)) {
            final Peer peer = a.peer(b);
            a.send(peer, new byte[8], b);
            final Counting counting = new Counting();
            run(a, b, peer, counting, ROUNDS);
            final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 3 && least > 0; i++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                run(a, b, peer, counting, ROUNDS);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < ROUNDS / 10, "bytes allocated in " + ROUNDS + " rounds: " + least);
        }
    }

    private static void run(
            final Node a,
            final Node b,
            final Peer peer,
            final Counting counting,
            final int rounds) {
        final Claim claim = a.claim;
        final long target = counting.frames + rounds;
        int sent = 0;
        while (counting.frames < target) {
            if (sent < rounds && a.endpoint.tryClaim(peer, 64, claim) == ClaimStatus.OK) {
                claim.buffer().putLong(claim.offset(), sent++);
                a.endpoint.commit(claim);
            }
            a.endpoint.poll(counting, 16, 64 * 1024);
            if (b.endpoint.poll(counting, 16, 64 * 1024) == 0) {
                Thread.onSpinWait();
            }
        }
    }

    private static final class Counting implements Handler {
        private long frames;

        @Override
        public void onFrame(
                final Peer peer,
                final long channel,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            frames++;
        }

        @Override
        public void onDone(final long context, final int status) {}

        @Override
        public void onReleased(final Region region) {}

        @Override
        public void onPeerUp(final Peer peer) {}

        @Override
        public void onPeerDown(final Peer peer, final String cause) {
            throw new AssertionError(cause);
        }

        @Override
        public void onWritable(final Peer peer) {}
    }
}

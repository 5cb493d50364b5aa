package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ext.DebugReceiveChannelEndpoint;
import io.aeron.driver.ext.LossGenerator;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.portals4j.provider.Peer;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Random;

/** A network that loses every tenth datagram, either way. */
@ExtendWith(Leftovers.class)
class LossTest {
    private static final int COUNT = 2000;

    @Test
    void shouldDeliverEverythingInOrderThoughDatagramsAreLost() {
        final String directory = CommonContext.generateRandomDirName();
        final TenPercent loss = new TenPercent();
        final MediaDriver.Context context =
                DriverProfile.context(directory, DriverIdle.ADAPTIVE, e -> {})
                        .receiveChannelEndpointSupplier(
                                (channel, dispatcher, status, ctx) ->
                                        new DebugReceiveChannelEndpoint(
                                                channel, dispatcher, status, ctx, loss, loss));
        try (MediaDriver driver = MediaDriver.launch(context);
                Node a = Node.open("udp", Node.PID_ANY, "aeron.dir", directory);
                Node b = Node.open("udp", Node.PID_ANY, "aeron.dir", directory)) {
            assertEquals(directory, driver.aeronDirectoryName());
            final Peer peer = a.peer(b);
            for (int i = 0; i < COUNT; i++) {
                a.send(peer, FrameTransferTest.numbered(i, 1000), b);
            }
            a.until(() -> b.told.frames.size() == COUNT, b);
            for (int i = 0; i < COUNT; i++) {
                assertArrayEquals(FrameTransferTest.numbered(i, 1000), b.told.frames.get(i));
            }
            assertEquals(1, new HashSet<>(b.told.channels).size());
            assertTrue(loss.dropped > 0, "nothing was lost");
        }
    }

    private static final class TenPercent implements LossGenerator {
        private final Random random = new Random(7);
        private volatile int dropped;

        @Override
        public boolean shouldDropFrame(
                final InetSocketAddress address, final UnsafeBuffer buffer, final int length) {
            return drop();
        }

        @Override
        public boolean shouldDropFrame(
                final InetSocketAddress address,
                final UnsafeBuffer buffer,
                final int streamId,
                final int sessionId,
                final int termId,
                final int termOffset,
                final int length) {
            return drop();
        }

        /** Called by the driver's only thread. */
        private boolean drop() {
            if (random.nextInt(10) != 0) {
                return false;
            }
            final int before = dropped;
            dropped = before + 1;
            return true;
        }
    }
}

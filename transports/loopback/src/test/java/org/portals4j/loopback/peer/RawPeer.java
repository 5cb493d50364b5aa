package org.portals4j.loopback.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.ProcessId;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Provider;
import org.portals4j.provider.Region;
import org.portals4j.wire.HelloDecoder;
import org.portals4j.wire.HelloEncoder;
import org.portals4j.wire.MessageHeaderDecoder;
import org.portals4j.wire.MessageHeaderEncoder;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.function.BooleanSupplier;

/**
 * A peer that speaks the wire by hand, well or badly: an endpoint of the transport without an
 * engine.
 */
final class RawPeer implements AutoCloseable, Handler {
    static final int MY_ID = 0x5eed;

    final MessageHeaderEncoder header = new MessageHeaderEncoder();
    final MutableDirectBuffer frame = new UnsafeBuffer(new byte[8192]);

    private final Endpoint endpoint;
    private final Peer victim;
    private final Queue<UnsafeBuffer> received = new ArrayDeque<>();
    private final Claim claim = new Claim();

    /** The id that the victim chose; its frames must carry it. */
    int connectionId;

    RawPeer(final ProcessId victim) {
        final Provider provider = ServiceLoader.load(Provider.class).findFirst().orElseThrow();
        endpoint =
                provider.open(
                        new EndpointConfig(
                                "loopback", 0, ProcessId.PID_ANY, 7, Map.of(), null, e -> {}),
                        System::nanoTime,
                        new Random(7));
        this.victim = endpoint.peer(victim.nid(), victim.pid());
    }

    ProcessId id() {
        return new ProcessId(endpoint.nid(), endpoint.pid());
    }

    /** A Hello that the victim accepts; change what you like before you send it. */
    HelloEncoder hello() {
        return new HelloEncoder()
                .wrapAndApplyHeader(frame, 0, header)
                .connectionId(0)
                .senderConnectionId(MY_ID)
                .answer((short) 0)
                .minVersion((short) 1)
                .maxVersion((short) 1)
                .readyKinds((short) 1)
                .nid(endpoint.nid())
                .pid(endpoint.pid())
                .uid(0)
                .credit(8)
                .window(4096)
                .incarnation(7)
                .timeoutNs(3_000_000_000L)
                .token(0);
    }

    void sendHello() {
        send(MessageHeaderEncoder.ENCODED_LENGTH + HelloEncoder.BLOCK_LENGTH);
    }

    /** Shakes hands as a good peer does. */
    void connect() {
        hello();
        sendHello();
        final DirectBuffer answer = await(HelloDecoder.TEMPLATE_ID);
        final HelloDecoder decoder =
                new HelloDecoder().wrapAndApplyHeader(answer, 0, new MessageHeaderDecoder());
        assertTrue(decoder.connectionId() == MY_ID, "answer carries our id");
        connectionId = decoder.senderConnectionId();
    }

    /** Sends the first bytes of {@link #frame}. */
    void send(final int length) {
        until(
                () -> {
                    final ClaimStatus status = endpoint.tryClaim(victim, length, claim);
                    if (status != ClaimStatus.OK) {
                        endpoint.poll(this, 16, 65536);
                    }
                    return status == ClaimStatus.OK;
                });
        claim.buffer().putBytes(claim.offset(), frame, 0, length);
        endpoint.commit(claim);
        endpoint.poll(this, 16, 65536);
    }

    /** Waits for a frame of a kind, dropping others. */
    DirectBuffer await(final int templateId) {
        final DirectBuffer[] found = new DirectBuffer[1];
        until(
                () -> {
                    endpoint.poll(this, 16, 65536);
                    for (UnsafeBuffer next = received.poll();
                            next != null;
                            next = received.poll()) {
                        if (new MessageHeaderDecoder().wrap(next, 0).templateId() == templateId) {
                            found[0] = next;
                            return true;
                        }
                    }
                    return false;
                });
        return found[0];
    }

    static void until(final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < 10_000_000_000L, "not within 10 s");
            Thread.yield();
        }
    }

    @Override
    public void onFrame(
            final @Nullable Peer peer,
            final long channel,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        buffer.getBytes(offset, copy, 0, length);
        received.add(copy);
    }

    @Override
    public void onDone(final long context, final int status) {}

    @Override
    public void onReleased(final Region region) {}

    @Override
    public void onPeerUp(final Peer peer) {}

    @Override
    public void onPeerDown(final Peer peer, final String cause) {}

    @Override
    public void onWritable(final Peer peer) {}

    @Override
    public void close() {
        endpoint.close(0);
    }
}

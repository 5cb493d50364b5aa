package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;
import org.portals4j.provider.Peer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** An endpoint with a recording handler, driven by the test's thread. */
final class Node implements AutoCloseable {
    static final int PID_ANY = 0xffff;
    private static final long CLOSE_NS = 2_000_000_000L;

    final Recorder told = new Recorder();
    final List<Throwable> errors = new ArrayList<>();
    final Claim claim = new Claim();
    final Endpoint endpoint;
    private boolean closed;

    private Node(
            final String transport,
            final int nid,
            final int pid,
            final Object resource,
            final Map<String, String> properties) {
        final EndpointConfig config =
                new EndpointConfig(transport, nid, pid, 0xfeedL, properties, resource, errors::add);
        endpoint = new AeronProvider().open(config, System::nanoTime, new Random());
        Leftovers.expectGone(directory());
    }

    /** Opens on 127.0.0.1 with properties given as name, value, name, value. */
    static Node open(final String transport, final int pid, final String... properties) {
        return new Node(transport, NodeId.LOOPBACK, pid, null, map(properties));
    }

    static Node openOn(
            final int nid, final String transport, final int pid, final String... properties) {
        return new Node(transport, nid, pid, null, map(properties));
    }

    static Node openWith(final Object resource, final String transport, final int pid) {
        return new Node(transport, NodeId.LOOPBACK, pid, resource, Map.of());
    }

    private static Map<String, String> map(final String... properties) {
        final Map<String, String> map = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        return map;
    }

    String directory() {
        return endpoint.describe()
                .lines()
                .filter(line -> line.startsWith("media driver "))
                .map(line -> line.substring("media driver ".length(), line.lastIndexOf(" (")))
                .findFirst()
                .orElseThrow();
    }

    Peer peer(final Node other) {
        return endpoint.peer(other.endpoint.nid(), other.endpoint.pid());
    }

    int poll() {
        return endpoint.poll(told, 16, 64 * 1024);
    }

    ClaimStatus trySend(final Peer peer, final byte[] frame) {
        final ClaimStatus status = endpoint.tryClaim(peer, frame.length, claim);
        if (status == ClaimStatus.OK) {
            assertEquals(0, claim.offset() & 7, "alignment of a claim");
            assertEquals(frame.length, claim.length());
            claim.buffer().putBytes(claim.offset(), frame);
            endpoint.commit(claim);
        }
        return status;
    }

    /** Sends, turning this node and others while there is no room. */
    void send(final Peer peer, final byte[] frame, final Node... turning) {
        Await.until(
                () -> {
                    final ClaimStatus status = trySend(peer, frame);
                    if (status == ClaimStatus.DOWN) {
                        throw new AssertionError(told.causes + " " + endpoint.describe());
                    }
                    return status == ClaimStatus.OK;
                },
                () -> status(turning),
                with(turning));
    }

    /** Turns this node and others until a condition holds. */
    void until(final BooleanSupplier condition, final Node... turning) {
        Await.until(condition, () -> status(turning), with(turning));
    }

    private Node[] with(final Node... turning) {
        final Node[] all = new Node[turning.length + 1];
        all[0] = this;
        System.arraycopy(turning, 0, all, 1, turning.length);
        return all;
    }

    private String status(final Node... turning) {
        final StringBuilder text = new StringBuilder();
        for (final Node each : with(turning)) {
            text.append('\n').append(each.endpoint.describe());
            text.append("\ngot ").append(each.told.frames.size());
            text.append(" frames, errors ").append(each.errors);
        }
        return text.toString();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            endpoint.close(CLOSE_NS);
        }
    }
}

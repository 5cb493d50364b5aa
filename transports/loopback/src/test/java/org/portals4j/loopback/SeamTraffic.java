package org.portals4j.loopback;

import org.agrona.DirectBuffer;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random traffic over a random simulated network: 2 to 8 endpoints that send to each other while
 * they are killed, restarted and partitioned. Each frame names its sender's life, its receiver and
 * its number; per channel the numbers must be consecutive, none may come twice, and where nothing
 * was killed or cut none may be missing.
 */
final class SeamTraffic {
    private static final int HEADER = 32;
    private static final int STEPS = 3000;

    private final SplittableRandom random;
    private final SimulatedFabric fabric;
    private final Node[] nodes;
    private final Map<Long, Long> lastOfChannel = new HashMap<>();
    private final boolean faults;
    private final Claim claim = new Claim();
    private long lives;

    SeamTraffic(final long seed) {
        random = new SplittableRandom(seed);
        fabric = LoopbackFabric.simulated(seed, SimulationProfile.random(random));
        faults = random.nextBoolean();
        nodes = new Node[2 + random.nextInt(7)];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new Node(i);
        }
    }

    /** One endpoint and the numbers that it has sent and received. */
    private final class Node implements Handler {
        final int index;
        final long life = ++lives;
        final Endpoint endpoint;
        final Set<Long> received = new HashSet<>();
        final long[] sent = new long[8];

        Node(final int index) {
            this.index = index;
            endpoint = Bench.open(fabric, 1 + index);
        }

        void send(final int to) {
            final int most = endpoint.capabilities().maxFrame();
            final int length = HEADER + random.nextInt(most - HEADER + 1);
            final Peer peer = endpoint.peer(Bench.NID, 1 + to);
            final ClaimStatus status = endpoint.tryClaim(peer, length, claim);
            if (status == ClaimStatus.DOWN) {
                check(faults, "a peer is down without a fault");
                endpoint.disconnect(peer);
            } else if (status == ClaimStatus.OK && random.nextInt(10) == 0) {
                endpoint.abort(claim);
            } else if (status == ClaimStatus.OK) {
                Bench.fill(claim, ++sent[to]);
                claim.buffer().putLong(claim.offset() + 8, life);
                claim.buffer().putInt(claim.offset() + 16, to);
                endpoint.commit(claim);
            }
        }

        @Override
        public void onFrame(
                final Peer peer,
                final long channel,
                final DirectBuffer buffer,
                final int offset,
                final int length) {
            final long n = buffer.getLong(offset);
            for (int i = HEADER; i < length; i++) {
                check(buffer.getByte(offset + i) == Bench.content(n, i), "damaged frame");
            }
            final long from = buffer.getLong(offset + 8);
            check(buffer.getInt(offset + 16) == index, "wrong receiver");
            final Long before = lastOfChannel.put(channel, n);
            check(before == null || n == before + 1, "gap in channel " + channel);
            check(received.add(from << 32 | n), "twice: frame " + n + " of " + from);
            check(faults || n == 1 || received.contains(from << 32 | (n - 1)), "lost frame");
            if (random.nextInt(4) == 0) {
                SeamTraffic.this.nodes[index].send(random.nextInt(nodes.length));
            }
        }

        @Override
        public void onDone(final long context, final int status) {
            throw new AssertionError();
        }

        @Override
        public void onReleased(final Region region) {
            throw new AssertionError();
        }

        @Override
        public void onPeerUp(final Peer peer) {}

        @Override
        public void onPeerDown(final Peer peer, final String cause) {
            check(faults, "a peer is down without a fault");
            endpoint.disconnect(peer);
        }

        @Override
        public void onWritable(final Peer peer) {}
    }

    long delivered() {
        return fabric.delivered();
    }

    long run() {
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        for (final Node a : nodes) {
            for (final Node b : nodes) {
                fabric.heal(Bench.id(a.endpoint), Bench.id(b.endpoint));
            }
        }
        for (int i = 0; i < STEPS && fabric.inFlight() > 0; i++) {
            for (final Node node : nodes) {
                node.endpoint.poll(node, 16, 65536);
            }
            fabric.advance(fabric.profile().maxDelayNs());
        }
        if (!faults) {
            check(fabric.inFlight() == 0, "frames are stuck: " + fabric.inFlight());
            check(fabric.delivered() == fabric.committed(), "frames are missing");
        }
        return fabric.traceHash();
    }

    private void step() {
        final Node node = nodes[random.nextInt(nodes.length)];
        final Node other = nodes[random.nextInt(nodes.length)];
        final int what = random.nextInt(1000);
        if (what < 400) {
            node.send(other.index);
        } else if (what < 800) {
            node.endpoint.poll(node, 1 + random.nextInt(16), 65536);
        } else if (what < 990 || !faults) {
            final long next = fabric.nextEventTime();
            fabric.advance(
                    next == Long.MAX_VALUE || random.nextBoolean()
                            ? random.nextInt(10_000)
                            : next - fabric.clock().getAsLong());
        } else if (what < 994) {
            fabric.partition(Bench.id(node.endpoint), Bench.id(other.endpoint));
        } else if (what < 998) {
            fabric.heal(Bench.id(node.endpoint), Bench.id(other.endpoint));
        } else {
            fabric.kill(Bench.id(node.endpoint));
            nodes[node.index] = new Node(node.index);
        }
    }

    private static void check(final boolean valid, final String message) {
        if (!valid) {
            throw new AssertionError(message);
        }
    }
}

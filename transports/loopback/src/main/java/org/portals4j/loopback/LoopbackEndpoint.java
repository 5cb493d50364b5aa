package org.portals4j.loopback;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.portals4j.ProcessId;
import org.portals4j.loopback.LoopbackPeer.State;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;

import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * An endpoint of a {@link ConcurrentFabric}. Its own half (peers, the open claim, the visits of
 * inbound rings) is guarded by the instance's lock, as the seam says; other endpoints touch only
 * {@link #activated}, {@link #unparkWaiter}, {@link #wakeup} and {@link #isClosed}.
 */
final class LoopbackEndpoint implements Endpoint {
    private final ConcurrentFabric fabric;
    private final int nid;
    private final int pid;
    private final Settings settings;
    private final Capabilities capabilities;
    private final Inbound inbound = new Inbound(this);
    private final Long2ObjectHashMap<LoopbackPeer> peers = new Long2ObjectHashMap<>();
    private final ArrayDeque<LoopbackPeer> untold = new ArrayDeque<>();
    private final ArrayDeque<LoopbackPeer> blocked = new ArrayDeque<>();
    private final AtomicReference<@Nullable Thread> waiter = new AtomicReference<>();

    private long seenGeneration;
    private @Nullable Ring claimed;
    private int claimedIndex;
    private volatile boolean signalled;
    private volatile boolean closed;

    LoopbackEndpoint(
            final ConcurrentFabric fabric, final int nid, final int pid, final Settings settings) {
        this.fabric = fabric;
        this.nid = nid;
        this.pid = pid;
        this.settings = settings;
        capabilities = settings.capabilities();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public int nid() {
        return nid;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public String describe() {
        return "loopback " + new ProcessId(nid, pid) + ": " + settings.describe();
    }

    @Override
    public Peer peer(final int peerNid, final int peerPid) {
        final long key = Names.key(peerNid, peerPid);
        LoopbackPeer peer = peers.get(key);
        if (peer == null) {
            peer = new LoopbackPeer(peerNid, peerPid);
            peers.put(key, peer);
        }
        return peer;
    }

    @Override
    public ClaimStatus tryClaim(final Peer to, final int length, final Claim claim) {
        if (length < 1 || length > settings.frameLength()) {
            throw new IllegalArgumentException(
                    "length=" + length + ", maxFrame=" + settings.frameLength());
        }
        final LoopbackPeer peer = (LoopbackPeer) to;
        Ring ring = peer.ring;
        if (ring == null || ring.receiver().isClosed()) {
            route(peer);
            ring = peer.ring;
            if (ring == null) {
                return peer.state == State.WANTED ? ClaimStatus.CONNECTING : ClaimStatus.DOWN;
            }
        }
        int index = ring.tryClaim(length);
        if (index < 0) {
            ring.askForRoom();
            index = ring.tryClaim(length);
            if (index < 0) {
                block(peer);
                return ClaimStatus.BUSY;
            }
        }
        claimed = ring;
        claimedIndex = index;
        claim.wrap(ring.buffer(), index, length);
        return ClaimStatus.OK;
    }

    @Override
    public void commit(final Claim claim) {
        takeClaimed().commit(claimedIndex);
    }

    @Override
    public void abort(final Claim claim) {
        takeClaimed().abort(claimedIndex);
    }

    @Override
    public int poll(final Handler handler, final int maxFrames, final int maxBytes) {
        if (fabric.generation() != seenGeneration) {
            lookAround();
        }
        int work = 0;
        if (!untold.isEmpty()) {
            work += tellStates(handler);
        }
        if (!blocked.isEmpty()) {
            work += tellWritable(handler);
        }
        work += inbound.poll(handler, maxFrames, maxBytes);
        if (inbound.hasMore()) {
            VarHandle.fullFence();
            unparkWaiter();
        }
        return work;
    }

    @Override
    public boolean canAwait() {
        return true;
    }

    @Override
    public void awaitWork(final long nanos) {
        waiter.set(Thread.currentThread());
        VarHandle.fullFence();
        if (!signalled && !inbound.hasFrames()) {
            LockSupport.parkNanos(this, nanos);
        }
        waiter.set(null);
        signalled = false;
    }

    @Override
    public void wakeup() {
        signalled = true;
        unparkWaiter();
    }

    @Override
    public void disconnect(final Peer which) {
        final LoopbackPeer peer = (LoopbackPeer) which;
        if (peer.state != State.GONE) {
            peers.remove(Names.key(peer.nid(), peer.pid()));
            peer.state = State.GONE;
            peer.ring = null;
        }
    }

    @Override
    public void close(final long timeoutNs) {
        closed = true;
        fabric.close(this);
        wakeup();
    }

    // --- called by other endpoints, from any thread

    boolean isClosed() {
        return closed;
    }

    /** A sender has put the first frame into a ring that is not visited. */
    void activated(final Ring ring) {
        inbound.push(ring);
    }

    /** Behind a full fence: wakes up who waits for frames. One who wakes is not woken twice. */
    void unparkWaiter() {
        if (waiter.get() != null) {
            LockSupport.unpark(waiter.getAndSet(null));
        }
    }

    // --- called by the inbound half

    /** The peer object of a sender, where it leads to that very endpoint; never makes one. */
    @Nullable Peer senderOf(final Ring ring) {
        final LoopbackEndpoint sender = ring.sender();
        final LoopbackPeer peer = peers.get(Names.key(sender.nid, sender.pid));
        if (peer == null) {
            return null;
        }
        final Ring back = peer.ring;
        if (back != null) {
            return back.receiver() == sender ? peer : null;
        }
        return sender.isClosed() ? null : peer;
    }

    /** For tests: the rings that a turn visits. */
    int activeRings() {
        return inbound.size();
    }

    // --- the ways to peers

    private Ring takeClaimed() {
        final Ring ring = claimed;
        if (ring == null) {
            throw new IllegalStateException("no claim is open");
        }
        claimed = null;
        return ring;
    }

    /** Moves a peer without a working ring on: NEW, WANTED to UP, UP to DOWN. */
    private void route(final LoopbackPeer peer) {
        switch (peer.state) {
            case NEW, WANTED -> {
                final LoopbackEndpoint other = fabric.find(peer.nid(), peer.pid());
                if (other == null) {
                    peer.state = State.WANTED;
                } else {
                    peer.ring = new Ring(this, other, fabric.nextChannel(), settings.ringLength());
                    become(peer, State.UP);
                }
            }
            case UP -> {
                peer.ring = null;
                become(peer, State.DOWN);
            }
            case DOWN, GONE -> {}
        }
    }

    private void become(final LoopbackPeer peer, final State state) {
        peer.state = state;
        if (!peer.untold) {
            peer.untold = true;
            untold.add(peer);
        }
    }

    /** Endpoints have come or gone: looks for those that are wanted and those that are lost. */
    private void lookAround() {
        seenGeneration = fabric.generation();
        for (final LoopbackPeer peer : peers.values()) {
            final Ring ring = peer.ring;
            if (peer.state == State.WANTED || (ring != null && ring.receiver().isClosed())) {
                route(peer);
            }
        }
    }

    private int tellStates(final Handler handler) {
        int told = 0;
        for (LoopbackPeer peer = untold.poll(); peer != null; peer = untold.poll()) {
            peer.untold = false;
            if (peer.state == State.UP) {
                handler.onPeerUp(peer);
                told++;
            } else if (peer.state == State.DOWN) {
                handler.onPeerDown(peer, new ProcessId(peer.nid(), peer.pid()) + " has closed");
                told++;
            }
        }
        return told;
    }

    private void block(final LoopbackPeer peer) {
        if (!peer.blocked) {
            peer.blocked = true;
            blocked.add(peer);
        }
    }

    private int tellWritable(final Handler handler) {
        int told = 0;
        for (int visits = blocked.size(); visits > 0; visits--) {
            final LoopbackPeer peer = blocked.remove();
            final Ring ring = peer.ring;
            if (ring != null && !ring.isRoomy()) {
                blocked.add(peer);
            } else {
                peer.blocked = false;
                if (ring != null) {
                    handler.onWritable(peer);
                    told++;
                }
            }
        }
        return told;
    }
}

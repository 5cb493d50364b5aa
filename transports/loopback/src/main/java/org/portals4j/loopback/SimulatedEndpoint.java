package org.portals4j.loopback;

import org.agrona.BufferUtil;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.ProcessId;
import org.portals4j.loopback.SimulatedPeer.State;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;

import java.util.ArrayList;
import java.util.List;

/** An endpoint of a {@link SimulatedFabric}: claims, and what poll tells the engine. */
final class SimulatedEndpoint implements Endpoint {
    private static final int OFFSETS = 8;
    private static final byte UNWRITTEN = (byte) 0xa5;
    private static final byte READ = (byte) 0x5a;

    private final SimulatedFabric fabric;
    private final int nid;
    private final int pid;
    private final Capabilities capabilities;
    private final Long2ObjectHashMap<SimulatedPeer> byName = new Long2ObjectHashMap<>();
    private final List<SimulatedPeer> peers = new ArrayList<>();
    private final UnsafeBuffer out;
    private final UnsafeBuffer in;

    private boolean open = true;
    private @Nullable SimulatedLink claimed;

    SimulatedEndpoint(
            final SimulatedFabric fabric,
            final int nid,
            final int pid,
            final Capabilities capabilities) {
        this.fabric = fabric;
        this.nid = nid;
        this.pid = pid;
        this.capabilities = capabilities;
        final int room = OFFSETS * Long.BYTES + fabric.profile().maxFrame();
        out = new UnsafeBuffer(BufferUtil.allocateDirectAligned(room, 64));
        in = new UnsafeBuffer(BufferUtil.allocateDirectAligned(room, 64));
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
        return "simulated " + id() + ": frame " + capabilities.maxFrame() + " B";
    }

    @Override
    public Peer peer(final int peerNid, final int peerPid) {
        final long key = Names.key(peerNid, peerPid);
        SimulatedPeer peer = byName.get(key);
        if (peer == null) {
            peer = new SimulatedPeer(peerNid, peerPid);
            byName.put(key, peer);
            peers.add(peer);
        }
        return peer;
    }

    @Override
    public ClaimStatus tryClaim(final Peer to, final int length, final Claim claim) {
        if (length < 1 || length > capabilities.maxFrame()) {
            throw new IllegalArgumentException(
                    "length=" + length + ", maxFrame=" + capabilities.maxFrame());
        }
        final SimulatedPeer peer = (SimulatedPeer) to;
        if (!open) {
            return ClaimStatus.BUSY;
        }
        if (peer.state == State.NEW) {
            peer.state = State.CONNECTING;
            peer.readyAt = fabric.now() + fabric.connectDelay();
        }
        route(peer);
        final SimulatedLink link = peer.link;
        if (link == null) {
            return peer.state == State.CONNECTING ? ClaimStatus.CONNECTING : ClaimStatus.DOWN;
        }
        if (!link.hasRoom(length, fabric.profile()) || fabric.refuses()) {
            peer.refused = length;
            return ClaimStatus.BUSY;
        }
        final int offset = fabric.draw(OFFSETS) * Long.BYTES;
        out.setMemory(offset, length, UNWRITTEN);
        claim.wrap(out, offset, length);
        claimed = link;
        return ClaimStatus.OK;
    }

    @Override
    public void commit(final Claim claim) {
        final SimulatedLink link = takeClaimed();
        final byte[] frame = new byte[claim.length()];
        claim.buffer().getBytes(claim.offset(), frame);
        fabric.send(link, frame);
    }

    @Override
    public void abort(final Claim claim) {
        takeClaimed();
    }

    @Override
    public int poll(final Handler handler, final int maxFrames, final int maxBytes) {
        if (!open) {
            return 0;
        }
        int work = 0;
        for (int i = 0; i < peers.size(); i++) {
            work += visit(peers.get(i), handler);
        }
        if (fabric.idles()) {
            return work;
        }
        final int mostFrames = fabric.draw(2) == 0 ? maxFrames : 1 + fabric.draw(maxFrames);
        int bytesLeft = maxBytes;
        for (int i = 0; i < mostFrames && bytesLeft > 0 && open; i++) {
            final SimulatedLink link = fabric.pickDue(this);
            if (link == null) {
                break;
            }
            bytesLeft -= deliver(link, handler);
            work++;
        }
        return work;
    }

    @Override
    public void disconnect(final Peer which) {
        final SimulatedPeer peer = (SimulatedPeer) which;
        if (peer.state != State.GONE) {
            byName.remove(Names.key(peer.nid(), peer.pid()));
            peers.remove(peer);
            peer.state = State.GONE;
            if (peer.link != null) {
                peer.link.abandoned = true;
                peer.link = null;
            }
        }
    }

    @Override
    public void close(final long timeoutNs) {
        if (open) {
            fabric.close(this);
        }
    }

    boolean isOpen() {
        return open;
    }

    /** Ends this endpoint: every call is harmless and does nothing from now on. */
    void end() {
        open = false;
        claimed = null;
    }

    ProcessId id() {
        return new ProcessId(nid, pid);
    }

    /** When one of the ways to peers changes by itself. */
    long nextChangeAt() {
        long next = SimulatedLink.NEVER;
        for (final SimulatedPeer peer : peers) {
            final SimulatedLink link = peer.link;
            if (peer.state == State.CONNECTING && fabric.findReachable(this, peer) != null) {
                next = Math.min(next, peer.readyAt);
            } else if (link != null) {
                next = Math.min(next, Math.min(link.downAt, link.relinkAt));
            }
        }
        return next;
    }

    private SimulatedLink takeClaimed() {
        final SimulatedLink link = claimed;
        if (link == null) {
            throw new IllegalStateException("no claim is open");
        }
        claimed = null;
        return link;
    }

    /** Moves the way to a peer on, as the time has come for it. */
    private void route(final SimulatedPeer peer) {
        final long now = fabric.now();
        final SimulatedLink link = peer.link;
        if (peer.state == State.CONNECTING && now >= peer.readyAt) {
            connect(peer);
            peer.untold = peer.state == State.UP;
        } else if (link != null && now >= link.relinkAt) {
            link.relinkAt = SimulatedLink.NEVER;
            connect(peer);
        } else if (link != null && now >= link.downAt) {
            peer.link = null;
            peer.state = State.DOWN;
            peer.untold = true;
        }
    }

    private void connect(final SimulatedPeer peer) {
        final SimulatedEndpoint other = fabric.findReachable(this, peer);
        if (other != null) {
            if (peer.link != null) {
                peer.link.abandoned = true;
            }
            peer.link = fabric.link(this, other);
            peer.state = State.UP;
        }
    }

    private int visit(final SimulatedPeer peer, final Handler handler) {
        route(peer);
        if (peer.untold) {
            peer.untold = false;
            if (peer.state == State.UP) {
                handler.onPeerUp(peer);
            } else {
                handler.onPeerDown(peer, "gone");
            }
            return 1;
        }
        final SimulatedLink link = peer.link;
        final boolean needed =
                peer.refused > 0 && link != null && link.hasRoom(peer.refused, fabric.profile());
        if (!fabric.tellsWritable(needed)) {
            return 0;
        }
        if (needed) {
            peer.refused = 0;
        }
        handler.onWritable(peer);
        // telling it without need is no work: a waiter that always finds work never lets time pass
        return needed ? 1 : 0;
    }

    private int deliver(final SimulatedLink link, final Handler handler) {
        final SimulatedLink.Frame frame = fabric.take(link);
        final int length = frame.bytes().length;
        final int offset = fabric.draw(OFFSETS) * Long.BYTES;
        in.putBytes(offset, frame.bytes());
        handler.onFrame(senderOf(link), frame.channel(), in, offset, length);
        in.setMemory(offset, length, READ);
        return length;
    }

    /** The peer object of a sender, where it is known to be that very endpoint. */
    private @Nullable Peer senderOf(final SimulatedLink link) {
        final SimulatedEndpoint sender = link.sender();
        final SimulatedPeer peer = byName.get(Names.key(sender.nid, sender.pid));
        if (peer == null || !fabric.profile().namesSender()) {
            return null;
        }
        final SimulatedLink back = peer.link;
        return back != null && back.receiver() == sender ? peer : null;
    }
}

package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;
import org.portals4j.ProcessId;
import org.portals4j.provider.Peer;

/** A remote endpoint and the ring to it, once there is one; guarded by the owner's lock. */
final class LoopbackPeer implements Peer {
    /** How far the way to the peer has come. */
    enum State {
        /** Nothing was sent yet. */
        NEW,
        /** Something is to be sent; the other endpoint is not open yet. */
        WANTED,
        /** There is a ring. */
        UP,
        /** The endpoint that the ring leads to is closed. */
        DOWN,
        /** Disconnected by the engine; this object is of no further use. */
        GONE
    }

    private final int nid;
    private final int pid;

    State state = State.NEW;

    /** The way to the peer; set in state UP. */
    @Nullable Ring ring;

    /** Whether the engine has not been told of the present state yet. */
    boolean untold;

    /** Whether the peer is on the endpoint's list of those that answered BUSY. */
    boolean blocked;

    LoopbackPeer(final int nid, final int pid) {
        this.nid = nid;
        this.pid = pid;
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
    public String toString() {
        return new ProcessId(nid, pid) + " " + state;
    }
}

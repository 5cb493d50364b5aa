package org.portals4j.loopback;

import org.jspecify.annotations.Nullable;
import org.portals4j.ProcessId;
import org.portals4j.provider.Peer;

/** A remote endpoint as a simulated endpoint knows it. */
final class SimulatedPeer implements Peer {
    /** How far the way to the peer has come. */
    enum State {
        /** Nothing was sent yet. */
        NEW,
        /** The way is being set up. */
        CONNECTING,
        /** There is a link. */
        UP,
        /** The transport has noticed that the other endpoint is gone. */
        DOWN,
        /** Disconnected by the engine. */
        GONE
    }

    private final int nid;
    private final int pid;

    State state = State.NEW;

    /** The way to the peer; set in state UP. */
    @Nullable SimulatedLink link;

    /** Whether the engine has not been told of the present state yet. */
    boolean untold;

    /** The length of a claim that was refused since the last onWritable, or 0. */
    int refused;

    /** CONNECTING: when the way is ready, if the other endpoint is there. */
    long readyAt;

    SimulatedPeer(final int nid, final int pid) {
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

package org.portals4j.aeron;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;

import org.jspecify.annotations.Nullable;
import org.portals4j.provider.Peer;

/** A remote endpoint and the way to it. {@link PeerTable} moves it from state to state. */
final class AeronPeer implements Peer {
    /** How far the way to the peer is. */
    enum State {
        /** Nobody has claimed yet. */
        IDLE,
        /** IPC only: the peer is not announced in our driver yet. */
        SEARCHING,
        /** The driver is asked for a publication. */
        ADDING,
        /** There is a publication and no subscriber yet. */
        CONNECTING,
        /** Frames can be claimed. */
        UP,
        /** Lost; the engine is told by the next poll. */
        DOWN,
        /** Lost and told, or disconnected: this object is dead. */
        DEAD
    }

    /**
     * Bulk data on the way by shared memory; half a term of 1 MiB lies between sender and receiver.
     * With 64 KiB a transfer waits for one scheduling latency per window (see the README).
     */
    static final int IPC_WINDOW = 256 * 1024;

    private final int nid;
    private final int pid;

    /** The publication to claim from; null unless UP. */
    @Nullable ExclusivePublication ready;

    State state = State.IDLE;
    boolean ipc;
    @Nullable ExclusivePublication publication;
    long registrationId = Aeron.NULL_VALUE;
    String downCause = "";

    /** The newest live announcement seen by the last look at the counters, 0 for none. */
    int announcedStream;

    long announcedRegistration;

    /** The announcement that the publication goes to. */
    long usedRegistration = Aeron.NULL_VALUE;

    /** The announcement last found to be of a process that runs, and one found to be of a dead. */
    long liveRegistration = Aeron.NULL_VALUE;

    long deadRegistration = Aeron.NULL_VALUE;

    boolean unconnected;
    long unconnectedSinceNs;

    AeronPeer(final int nid, final int pid) {
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
    public int window() {
        return ipc ? IPC_WINDOW : 0;
    }

    boolean connecting() {
        return state == State.SEARCHING || state == State.ADDING || state == State.CONNECTING;
    }

    @Override
    public String toString() {
        return NodeId.format(nid) + ":" + pid + (ipc ? " ipc " : " udp ") + state;
    }
}

package org.portals4j.engine.peer;

/** What the peer protocol has counted; plain numbers, guarded by the instance's lock. */
public final class PeerCounters {
    long framesOfUnknownConnections;
    long malformedFrames;
    long connectionsMade;
    long connectionsLost;

    PeerCounters() {}

    /** Counts a frame that could not be decoded or did not fit its state. */
    public void malformed() {
        malformedFrames++;
    }

    @Override
    public String toString() {
        return "connections made "
                + connectionsMade
                + ", lost "
                + connectionsLost
                + ", frames of unknown connections "
                + framesOfUnknownConnections
                + ", malformed "
                + malformedFrames;
    }
}

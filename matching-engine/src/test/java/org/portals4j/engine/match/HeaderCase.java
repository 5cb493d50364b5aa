package org.portals4j.engine.match;

/** A request of a test. */
record HeaderCase(long bits, int nid, int pid, long rlength, long offset) {
    Arrival arrival() {
        final Arrival arrival = new Arrival();
        arrival.begin();
        arrival.matchBits = bits;
        arrival.nid = nid;
        arrival.pid = pid;
        arrival.rlength = rlength;
        arrival.remoteOffset = offset;
        return arrival;
    }
}

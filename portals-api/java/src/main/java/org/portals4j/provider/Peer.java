package org.portals4j.provider;

/** A remote endpoint as an {@link Endpoint} knows it; made by {@link Endpoint#peer}. */
public interface Peer {
    /**
     * Its node id.
     *
     * @return the nid
     */
    int nid();

    /**
     * Its process id.
     *
     * @return the pid
     */
    int pid();

    /**
     * Bytes of bulk data that should be on the way from this peer to the endpoint, where the way
     * decides it (shared memory less than a network); 0 for {@link Capabilities#defaultWindow()}.
     *
     * @return bytes or 0
     */
    default int window() {
        return 0;
    }
}

package org.portals4j.engine.peer;

/**
 * Settings of the peer protocol.
 *
 * @param uid the user id of this process
 * @param incarnation this life of the process
 * @param token authentication token
 * @param credit answered operations that a peer may have in flight to us
 * @param window bytes of Data that a peer may send ahead, 0: what the transport suggests
 * @param peerTimeoutNs silence after which a peer is down
 * @param connectTimeoutNs how long requests wait for a connection
 */
public record PeerSettings(
        int uid,
        long incarnation,
        long token,
        int credit,
        int window,
        long peerTimeoutNs,
        long connectTimeoutNs) {}

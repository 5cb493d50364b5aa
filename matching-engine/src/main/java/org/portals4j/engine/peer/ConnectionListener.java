package org.portals4j.engine.peer;

/** Told, under the instance's lock, of the fate of connections. */
public interface ConnectionListener {
    /**
     * A connection has ended: every operation of it must end now. Its queues are empty already.
     *
     * @param connection the connection
     * @param cause one sentence that names the peer
     */
    void onDown(Connection connection, String cause);
}

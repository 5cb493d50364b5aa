/**
 * The protocol between processes, for every provider: handshake, connection ids, credit, windows,
 * heartbeats, reset, good-bye, and the queues of what waits to be sent to a peer.
 */
@NullMarked
package org.portals4j.engine.peer;

import org.jspecify.annotations.NullMarked;

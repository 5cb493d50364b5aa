package org.portals4j.provider;

/** The answer of {@link Endpoint#tryClaim}. */
public enum ClaimStatus {
    /** The claim is open: fill it, then commit or abort. */
    OK,
    /**
     * No room now; {@link Handler#onWritable} may tell when, trying again at the next turn is fine.
     */
    BUSY,
    /** The way to the peer is being set up; it goes on in {@link Endpoint#poll}. */
    CONNECTING,
    /** The peer cannot be reached any more; {@link Endpoint#disconnect} it. */
    DOWN
}

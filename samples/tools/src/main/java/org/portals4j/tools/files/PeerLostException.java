package org.portals4j.tools.files;

import org.portals4j.NiFail;
import org.portals4j.ProcessId;

/** The peer process died, cannot be reached or does not serve: operations failed. */
public final class PeerLostException extends TransferException {
    private static final long serialVersionUID = 1L;

    private final NiFail reason;

    /**
     * Creates an exception.
     *
     * @param peer who is lost
     * @param failed operations that failed
     * @param unfinished operations that had not ended when the client stopped waiting for them
     * @param reason how they failed
     */
    public PeerLostException(
            final ProcessId peer, final long failed, final long unfinished, final NiFail reason) {
        super(message(peer, failed, unfinished, reason));
        this.reason = reason;
    }

    /**
     * How its operations failed.
     *
     * @return UNDELIVERABLE for a process that is dead or unreachable
     */
    public NiFail reason() {
        return reason;
    }

    private static String message(
            final ProcessId peer, final long failed, final long unfinished, final NiFail reason) {
        return "lost the peer "
                + peer
                + ": "
                + failed
                + (failed == 1 ? " operation" : " operations")
                + " failed "
                + reason
                + (unfinished == 0 ? "" : ", " + unfinished + " did not end at all");
    }
}

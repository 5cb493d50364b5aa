package org.portals4j.tools.files;

/** Moving files failed as a whole: the peer refused, is too slow, or is lost. */
public class TransferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message one sentence for the user
     */
    public TransferException(final String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message one sentence for the user
     * @param cause what happened
     */
    public TransferException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

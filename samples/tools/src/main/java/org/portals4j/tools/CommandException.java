package org.portals4j.tools;

/** A failure that the user is told in one line; the command's exit code is 1. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message one sentence
     */
    public CommandException(final String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message one sentence
     * @param cause what happened
     */
    public CommandException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

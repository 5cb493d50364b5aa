package org.portals4j.tools.files;

/** A control message that no well-behaved peer sends. */
final class MalformedMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(final String message) {
        super(message);
    }

    MalformedMessageException(final String message, final Throwable cause) {
        super(message, cause);
    }
}

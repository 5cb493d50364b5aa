package org.portals4j;

/**
 * Thrown where a Portals function would return an error: one unchecked type, told apart by its
 * {@linkplain #code() return code}. The message carries the offending values.
 */
public final class PortalsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The Portals return code. */
    private final ReturnCode code;

    /**
     * Creates an exception.
     *
     * @param code the Portals return code, never {@link ReturnCode#OK}
     * @param message what was wrong, with the offending values
     */
    public PortalsException(final ReturnCode code, final String message) {
        super(code + ": " + message);
        this.code = code;
    }

    /**
     * Creates an exception with a cause.
     *
     * @param code the Portals return code, never {@link ReturnCode#OK}
     * @param message what was wrong, with the offending values
     * @param cause what the transport or the platform threw
     */
    public PortalsException(final ReturnCode code, final String message, final Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    /**
     * The Portals return code.
     *
     * @return the code, never {@link ReturnCode#OK}
     */
    public ReturnCode code() {
        return code;
    }
}

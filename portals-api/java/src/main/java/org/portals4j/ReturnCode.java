package org.portals4j;

/**
 * The outcome of a Portals call (Portals 4.3, section 3.3, "return codes").
 *
 * <p>Outcomes that a correct program meets in normal operation (an empty queue, an entry in use)
 * are returned; everything else is thrown as {@link PortalsException} with one of these codes.
 */
public enum ReturnCode {
    /** The call succeeded. */
    OK,
    /** Failure that no other code describes. */
    FAIL,
    /** An argument is out of range, of another interface, or names an object that is gone. */
    ARG_INVALID,
    /** No counting event reached its test value within the time given. */
    CT_NONE_REACHED,
    /** An event was returned and at least one before it was lost because the queue was full. */
    EQ_DROPPED,
    /** No event was in the queue (within the time given). */
    EQ_EMPTY,
    /** The object is in use by an operation or by unexpected headers; try again later. */
    IN_USE,
    /** The request was ignored because it had been made before. */
    IGNORED,
    /** The wait ended because the object was freed, or the thread was interrupted. */
    INTERRUPTED,
    /** A list is longer than the limit; this implementation answers {@link #NO_SPACE} instead. */
    LIST_TOO_LONG,
    /** The library instance is closed, or was never opened. */
    NO_INIT,
    /** A limit of the interface or a pool is exhausted. */
    NO_SPACE,
    /** The process id asked for is taken. */
    PID_IN_USE,
    /** No free portal table entry is left. */
    PT_FULL,
    /** The portal needs an event queue for the options asked for. */
    PT_EQ_NEEDED,
    /** The portal table entry is allocated already, or still has entries linked. */
    PT_IN_USE,
    /** The wait was ended by PtlAbort. */
    ABORTED
}

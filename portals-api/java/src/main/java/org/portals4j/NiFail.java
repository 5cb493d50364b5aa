package org.portals4j;

/** How an operation ended, as its events tell it: ptl_ni_fail_t (Portals 4.3, section 3.13). */
public enum NiFail {
    /** Success. */
    OK,
    /** The transport or the peer process gave up: nothing is known of what the target did. */
    UNDELIVERABLE,
    /** No entry matched, the portal is not allocated, or no unexpected header was free. */
    DROPPED,
    /** The portal table entry is disabled. */
    PT_DISABLED,
    /** The entry is not for the user id of the initiator. */
    PERM_VIOLATION,
    /** The entry does not permit this kind of operation. */
    OP_VIOLATION,
    /** A search found nothing. */
    NO_MATCH,
    /** Memory could not be accessed (its arena is closed, or the mapping is gone). */
    SEGV
}

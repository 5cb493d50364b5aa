package org.portals4j;

/**
 * Options of a list or match entry: ptl_me_t.options (sections 3.11.1 and 3.12.1). The *_DISABLE
 * options act on full events only, never on counters.
 */
public enum EntryOption {
    /** Permits puts. */
    OP_PUT,
    /** Permits gets. */
    OP_GET,
    /** Unlinked by its first match. */
    USE_ONCE,
    /** Never acknowledge, even if asked to (Portals 4.2). */
    ACK_DISABLE,
    /** Overflow list: accept data, keep no header. */
    UNEXPECTED_HDR_DISABLE,
    /** All of the memory is accessible. Always so here: segments are checked when bound. */
    IS_ACCESSIBLE,
    /** No LINK event. */
    EVENT_LINK_DISABLE,
    /** No communication events (PUT, GET). */
    EVENT_COMM_DISABLE,
    /** No events for success, overflow events included. */
    EVENT_SUCCESS_DISABLE,
    /** No overflow events. */
    EVENT_OVER_DISABLE,
    /** Neither AUTO_UNLINK nor AUTO_FREE. */
    EVENT_UNLINK_DISABLE,
    /** Count communication events. */
    EVENT_CT_COMM,
    /** Count overflow events. */
    EVENT_CT_OVERFLOW,
    /** Count bytes instead of operations (successes only). */
    EVENT_CT_BYTES,
    /** Messages are placed one behind the other; the offset that they ask for is ignored. */
    MANAGE_LOCAL,
    /** Does not match a message that it would truncate. */
    NO_TRUNCATE,
    /** Hint that locally managed offsets may be aligned; this implementation packs. */
    MAY_ALIGN
}

package org.portals4j;

/** The kinds of full events: ptl_event_kind_t (Portals 4.3, section 3.13.1). */
public enum EventKind {
    /** Target: reply data has been read from the entry. */
    GET,
    /** Target: an appended entry found the header of an earlier get. */
    GET_OVERFLOW,
    /** Target: data of a put is in the entry. */
    PUT,
    /** Target: an appended entry found the header of an earlier put. */
    PUT_OVERFLOW,
    /** Target: an atomic operation without reply has been applied. */
    ATOMIC,
    /** Target: an appended entry found the header of an earlier atomic. */
    ATOMIC_OVERFLOW,
    /** Target: a fetching atomic operation or swap has been applied. */
    FETCH_ATOMIC,
    /** Target: an appended entry found the header of an earlier fetching atomic. */
    FETCH_ATOMIC_OVERFLOW,
    /** Initiator: the data of a get, fetch or swap has been stored. */
    REPLY,
    /** Initiator: the memory descriptor's bytes may be reused. */
    SEND,
    /** Initiator: the target has processed the operation. */
    ACK,
    /** Target: flow control has disabled the portal and all earlier messages have completed. */
    PT_DISABLED,
    /** Target: an entry has been linked. */
    LINK,
    /** Target: an entry has unlinked itself (use once, or minimum free space reached). */
    AUTO_UNLINK,
    /** Target: an auto-unlinked overflow entry has lost its last unexpected header. */
    AUTO_FREE,
    /** Target: the result of a search of the unexpected list. */
    SEARCH
}

package org.portals4j;

/** Options of a memory descriptor: ptl_md_t.options (section 3.10.1). */
public enum MdOption {
    /** No full event for success; failures are still posted, counters are not affected. */
    EVENT_SUCCESS_DISABLE,
    /** Count SEND events. */
    EVENT_CT_SEND,
    /** Count REPLY events. */
    EVENT_CT_REPLY,
    /** Count acknowledgements. */
    EVENT_CT_ACK,
    /** Count bytes instead of operations (successes only). */
    EVENT_CT_BYTES,
    /** Messages of this descriptor may be reordered; a hint that this implementation ignores. */
    UNORDERED,
    /** Bytes are captured before the call returns, up to {@link Limits#maxVolatileSize()}. */
    VOLATILE,
    /** Never post SEND events. */
    EVENT_SEND_DISABLE
}

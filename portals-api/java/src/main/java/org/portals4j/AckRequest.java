package org.portals4j;

/**
 * The acknowledgement that a put or atomic asks for: ptl_ack_req_t (Portals 4.3, section 3.15.1).
 */
public enum AckRequest {
    /** None: only SEND is reported; a refused put is lost silently. */
    NO_ACK,
    /** An ACK full event and, with EVENT_CT_ACK, a count. */
    ACK,
    /** A count only. */
    CT_ACK,
    /** A count that tells only that the operation completed, not how. */
    OC_ACK
}

package org.portals4j;

/** The status registers of an interface: ptl_sr_index_t (section 3.6.4). Never reset. */
public enum StatusRegister {
    /** Requests refused for want of a match, a header or an enabled portal. */
    DROP_COUNT,
    /** Requests refused because of the initiator's user id. */
    PERMISSION_VIOLATIONS,
    /** Requests refused because the entry does not permit the operation. */
    OPERATION_VIOLATIONS
}

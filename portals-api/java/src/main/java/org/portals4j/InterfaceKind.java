package org.portals4j;

/**
 * The flavour of a network interface: the options of PtlNIInit (section 3.6.2). Each flavour is a
 * name space of its own: a message sent on one is seen only by the same one of the target.
 */
public enum InterfaceKind {
    /** Match entries (ME), processes named by (nid, pid): PTL_NI_MATCHING | PTL_NI_PHYSICAL. */
    MATCHING_PHYSICAL
}

package org.portals4j;

/** The list of a portal table entry that an entry is appended to: ptl_list_t (section 3.11). */
public enum ListKind {
    /** Searched first; an append consumes unexpected headers first. */
    PRIORITY,
    /** Searched when nothing on the priority list matched; a match leaves an unexpected header. */
    OVERFLOW
}

package org.portals4j;

/** Options of a portal table entry: PtlPTAlloc (section 3.7.1). */
public enum PortalOption {
    /** Hint: all entries will be use-once. */
    ONLY_USE_ONCE,
    /** Hint: no entry will set NO_TRUNCATE. */
    ONLY_TRUNCATE,
    /** The entry starts disabled (Portals 4.3). */
    ALLOC_DISABLED
}

/**
 * The Portals 4.3 network programming interface for Java: what an upper-layer protocol (ULP) sees.
 *
 * <p>Start at {@link org.portals4j.Portals#open(org.portals4j.Portals.Context)} (PtlInit), open a
 * {@link org.portals4j.NetworkInterface} (PtlNIInit), allocate a portal table entry, append match
 * entries to it, and let other processes put and get.
 *
 * <p>Names, option for option, are those of the Portals 4.3 specification; the table in this
 * module's README maps every call. All memory is {@link java.lang.foreign.MemorySegment}; times are
 * in nanoseconds; sizes and offsets in bytes. All types are safe for use by any number of threads
 * unless their documentation says otherwise.
 */
@NullMarked
package org.portals4j;

import org.jspecify.annotations.NullMarked;

/**
 * The Portals engine: all semantics and the peer protocol, no I/O. This package is the front door:
 * instances, interfaces, limits. A message passes the other packages in the order of the
 * specification: {@code initiator}, {@code peer}, {@code target} ({@code match}, {@code memory}),
 * {@code transfer}, {@code event}.
 */
@NullMarked
package org.portals4j.engine;

import org.jspecify.annotations.NullMarked;

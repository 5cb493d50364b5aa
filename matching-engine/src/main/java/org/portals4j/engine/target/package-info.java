/** The target side: an arriving request finds its entry, its place, its events and its response. */
@NullMarked
package org.portals4j.engine.target;

import org.jspecify.annotations.NullMarked;

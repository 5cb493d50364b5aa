/** The in-process provider: embedded default, test bench and deterministic simulation. */
@NullMarked
package org.portals4j.loopback;

import org.jspecify.annotations.NullMarked;

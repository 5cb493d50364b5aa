/** User memory as the engine sees it: one segment or an IOVEC, copied by address with checks. */
@NullMarked
package org.portals4j.engine.memory;

import org.jspecify.annotations.NullMarked;

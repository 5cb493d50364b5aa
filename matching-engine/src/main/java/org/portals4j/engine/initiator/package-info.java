/** The initiator side: operations in flight, from the call to their last event. */
@NullMarked
package org.portals4j.engine.initiator;

import org.jspecify.annotations.NullMarked;

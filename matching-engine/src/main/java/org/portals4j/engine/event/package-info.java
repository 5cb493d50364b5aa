/** Event queues and counting events. */
@NullMarked
package org.portals4j.engine.event;

import org.jspecify.annotations.NullMarked;

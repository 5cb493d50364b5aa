/** The instance's lock, turns of progress, and waiting for them. */
@NullMarked
package org.portals4j.engine.progress;

import org.jspecify.annotations.NullMarked;

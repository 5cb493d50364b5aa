/** The provider over Aeron IPC and UDP. */
@NullMarked
package org.portals4j.aeron;

import org.jspecify.annotations.NullMarked;

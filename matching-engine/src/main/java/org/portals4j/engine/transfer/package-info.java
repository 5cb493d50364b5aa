/** Large data: pushed in Data frames that carry their own offset, within the receiver's window. */
@NullMarked
package org.portals4j.engine.transfer;

import org.jspecify.annotations.NullMarked;

/** Match lists and unexpected lists: the entries and headers, and how they find each other. */
@NullMarked
package org.portals4j.engine.match;

import org.jspecify.annotations.NullMarked;

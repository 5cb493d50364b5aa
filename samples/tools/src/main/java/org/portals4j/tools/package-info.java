/** The {@code portals} command and its subcommands. */
@NullMarked
package org.portals4j.tools;

import org.jspecify.annotations.NullMarked;

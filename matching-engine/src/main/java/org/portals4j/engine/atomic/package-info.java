/**
 * Atomic operations on memory: datatypes x operations, element by element, to the exact bit of what
 * a C compiler does on x86-64.
 */
@NullMarked
package org.portals4j.engine.atomic;

import org.jspecify.annotations.NullMarked;

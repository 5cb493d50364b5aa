/** JMH benchmarks, and side by side measurements with raw transports. */
@NullMarked
package org.portals4j.benchmarks;

import org.jspecify.annotations.NullMarked;

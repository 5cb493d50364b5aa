/**
 * {@code portals perf compare}: Portals4J beside the raw transport below it, interleaved in one
 * run.
 *
 * <p>Ping is this process, pong another; each {@linkplain org.portals4j.benchmarks.compare.Side
 * side} has the two ends of one library. A round is a turn of ours and a turn of raw, in
 * alternating order; a turn opens the library in both processes, warms up, measures and closes, so
 * that no thread of the other side is there to disturb. Ratios are of the two turns of one round.
 */
@NullMarked
package org.portals4j.benchmarks.compare;

import org.jspecify.annotations.NullMarked;

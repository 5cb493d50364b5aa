/**
 * The seam between the Portals engine and a transport: what a provider implements to move frames
 * and, if it can, memory. A provider knows nothing of Portals.
 *
 * <h2>Contract in short</h2>
 *
 * <ul>
 *   <li>A {@link org.portals4j.provider.Provider} is found by {@link java.util.ServiceLoader}; it
 *       opens an {@link org.portals4j.provider.Endpoint} per Portals instance.
 *   <li>Every call of an endpoint is non-blocking, allocates nothing after warm-up on the frame
 *       path, and is made by one thread at a time (the instance's lock is held), except where its
 *       documentation says otherwise. Calls from different threads are ordered by that lock.
 *   <li>Frames from one endpoint to another arrive complete, unchanged, at most once and in the
 *       order of their commits, for as long as the {@linkplain
 *       org.portals4j.provider.Handler#onFrame channel} lives. A gap (loss that the transport
 *       cannot repair, a peer that came back) is a new channel.
 *   <li>Callbacks come only from within {@link org.portals4j.provider.Endpoint#poll}. A transport's
 *       own threads enqueue, {@code poll} drains.
 *   <li>Frame memory is off-heap: the engine copies between it and user memory by address.
 * </ul>
 */
@NullMarked
package org.portals4j.provider;

import org.jspecify.annotations.NullMarked;

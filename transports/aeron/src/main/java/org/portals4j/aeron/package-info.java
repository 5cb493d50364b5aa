/**
 * The provider over Aeron: frames between processes of one media driver by shared memory (IPC) and
 * between hosts by UDP.
 *
 * <p>Reading order: {@link org.portals4j.aeron.AeronProvider} opens; {@code EndpointOpener} puts
 * the parts together; {@code AeronEndpoint} is the frame path; {@code PeerTable} sets up and
 * watches the ways to peers; {@code Announcements} is who is where on a media driver.
 */
@NullMarked
package org.portals4j.aeron;

import org.jspecify.annotations.NullMarked;

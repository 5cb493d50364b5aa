/** The engine over the simulated fabric: whole runs of many instances in one thread, by seed. */
package org.portals4j.loopback.sim;

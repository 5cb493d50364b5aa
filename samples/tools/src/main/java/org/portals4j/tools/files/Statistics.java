package org.portals4j.tools.files;

/**
 * Counters of a server.
 *
 * @param files completed in this session
 * @param bytes of those files
 * @param events handled since the server began
 * @param drops requests refused, and overflows of the event queue, since the server began
 */
public record Statistics(long files, long bytes, long events, long drops) {}

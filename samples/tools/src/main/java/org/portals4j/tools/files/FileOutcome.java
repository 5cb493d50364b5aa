package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;

/**
 * How the transfer of one file ended.
 *
 * @param name the file
 * @param size bytes moved
 * @param sha256 in hexadecimal, computed here from the source of a put or from what a get brought;
 *     the target's own is equal, or there is an error
 * @param error null, or one sentence
 */
public record FileOutcome(String name, long size, String sha256, @Nullable String error) {}

package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * A file to read from the target.
 *
 * @param name what it is called there
 * @param destination where it goes here, or null: into memory, for its checksum only
 */
public record FileRequest(String name, @Nullable Path destination) {}

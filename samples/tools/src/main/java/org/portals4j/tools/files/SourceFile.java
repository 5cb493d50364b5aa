package org.portals4j.tools.files;

import java.nio.file.Path;

/**
 * A file to send.
 *
 * @param name what it is called at the target: relative, with {@code /} between parts
 * @param path where it is here
 * @param size bytes
 */
public record SourceFile(String name, Path path, long size) {}

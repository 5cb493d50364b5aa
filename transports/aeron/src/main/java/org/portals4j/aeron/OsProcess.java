package org.portals4j.aeron;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names operating system processes so that a later process with the same number is not mistaken for
 * an earlier one, and tells whether they still run.
 *
 * @param pid the number of the process in its own namespace
 * @param start when it started, in ticks since boot; 0 where the system does not tell
 * @param namespace tells this boot and its pid namespace from others; 0 where unknown
 */
record OsProcess(long pid, long start, long namespace) {
    private static final Path PROC = Path.of("/proc");
    private static final long GONE = -1;
    private static final OsProcess SELF = self();

    static OsProcess current() {
        return SELF;
    }

    /**
     * Whether the process has certainly ended. A process of another boot, container or host cannot
     * be seen from here and counts as running.
     */
    boolean provenDead() {
        if (namespace != SELF.namespace || equals(SELF)) {
            return false;
        }
        final long now = startOf(pid);
        return now == GONE || now != start;
    }

    private static OsProcess self() {
        final long pid = ProcessHandle.current().pid();
        return new OsProcess(pid, Math.max(0, startOf(pid)), namespaceOfSelf());
    }

    /** The start of a process in ticks, 0 if alive and the system does not tell, or GONE. */
    private static long startOf(final long pid) {
        final Path directory = PROC.resolve(Long.toString(pid));
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false) ? 0 : GONE;
        }
        try {
            final String stat = firstLine(directory.resolve("stat"));
            // The name in parentheses may contain anything; what follows is regular (proc(5)).
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            final boolean ended = fields[0].equals("Z") || fields[0].equals("X");
            return ended ? GONE : Long.parseLong(fields[19]);
        } catch (final IOException e) {
            return GONE;
        }
    }

    private static long namespaceOfSelf() {
        try {
            final String boot = firstLine(PROC.resolve("sys/kernel/random/boot_id"));
            final Path space = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
            return (long) boot.hashCode() << 32 | (space.toString().hashCode() & 0xffffffffL);
        } catch (final IOException | UnsupportedOperationException e) {
            return 0;
        }
    }

    /**
     * The first line of a file of the kernel. Not by {@link Files#readString(Path)}: that reads one
     * byte first, and a sysctl answers only the first read.
     */
    static String firstLine(final Path file) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            final String line = reader.readLine();
            if (line == null) {
                throw new IOException(file + " is empty");
            }
            return line.trim();
        }
    }
}

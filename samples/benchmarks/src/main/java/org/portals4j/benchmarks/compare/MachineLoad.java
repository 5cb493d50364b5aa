package org.portals4j.benchmarks.compare;

import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** The machine's load average of the last minute. */
final class MachineLoad {
    private static final double QUIET = 1;

    private MachineLoad() {}

    /** Prints the load, with a warning if something else seems to be running. */
    static double print(final String when, final PrintWriter out) {
        final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        out.printf(Locale.ROOT, "load %s: %.2f%n", when, load);
        return load;
    }

    /** Warns if the machine was not ours alone. */
    static void warn(final double before, final PrintWriter out) {
        if (before > QUIET) {
            out.printf(
                    Locale.ROOT,
                    "WARNING: the load before was %.2f; figures of a busy machine mean little,"
                            + " ratios less than usual%n",
                    before);
        }
        out.flush();
    }
}

package org.portals4j.tools;

import org.portals4j.tools.files.FileOutcome;

import picocli.CommandLine.Model.CommandSpec;

import java.io.PrintWriter;

/** What {@code put} and {@code get} say at their end. */
final class Outcomes {
    private static final int MAX_ERRORS = 20;

    private Outcomes() {}

    /** Prints the errors and a summary; the exit code. */
    static int report(
            final Progress progress, final long dataNs, final int skipped, final CommandSpec spec) {
        final PrintWriter err = spec.commandLine().getErr();
        final PrintWriter out = spec.commandLine().getOut();
        int failed = 0;
        for (final FileOutcome outcome : progress.outcomes().values()) {
            if (outcome.error() == null) {
                if (progress.outcomes().size() == 1) {
                    out.println(outcome.sha256() + "  " + outcome.name());
                }
            } else if (failed++ < MAX_ERRORS) {
                err.println(spec.qualifiedName() + ": " + outcome.name() + ": " + outcome.error());
            }
        }
        out.println(
                (progress.outcomes().size() - failed)
                        + " files, "
                        + Sizes.text(progress.bytes())
                        + ", "
                        + Sizes.rate(progress.bytes(), dataNs)
                        + (skipped == 0 ? "" : ", skipped (links, unreadable): " + skipped)
                        + (failed == 0 ? ", checksums equal" : ", FAILED: " + failed));
        out.flush();
        return failed == 0 ? 0 : 1;
    }
}

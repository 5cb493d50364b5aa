package org.portals4j.tools;

import org.portals4j.tools.files.FileOutcome;
import org.portals4j.tools.files.TransferListener;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Shows how a transfer goes on: a bar on a terminal, a line now and then elsewhere. */
final class Progress implements TransferListener {
    private static final int BAR_WIDTH = 30;
    private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LINE_PERCENT = 25;
    private static final int HUNDRED = 100;

    private final String verb;
    private final long totalBytes;
    private final PrintWriter out;
    private final boolean terminal;
    private final long startNs = System.nanoTime();
    private final Map<String, FileOutcome> outcomes = new LinkedHashMap<>();
    private long bytes;
    private long drawnNs = startNs - REDRAW_NS;
    private int linesDrawn;
    private long endNs;

    private Progress(
            final String verb,
            final long totalBytes,
            final PrintWriter out,
            final boolean terminal) {
        this.verb = verb;
        this.totalBytes = totalBytes;
        this.out = out;
        this.terminal = terminal;
    }

    /**
     * Progress of one verb.
     *
     * @param verb put or get
     * @param totalBytes what is expected; 0 shows nothing
     * @param out where it is shown
     */
    static Progress of(final String verb, final long totalBytes, final PrintWriter out) {
        return new Progress(verb, totalBytes, out, Boolean.getBoolean("portals.tty"));
    }

    @Override
    public void onBytes(final long count) {
        bytes += count;
        endNs = System.nanoTime();
        if (totalBytes == 0) {
            return;
        }
        final int percent = (int) (bytes * HUNDRED / totalBytes);
        if (terminal) {
            if (endNs - drawnNs >= REDRAW_NS || bytes == totalBytes) {
                drawnNs = endNs;
                out.print("\r" + text(bar(percent), percent) + "  ");
                out.print(bytes == totalBytes ? "\n" : "");
                out.flush();
            }
        } else if (percent / LINE_PERCENT > linesDrawn) {
            linesDrawn = percent / LINE_PERCENT;
            out.println(text("", percent));
            out.flush();
        }
    }

    @Override
    public void onFile(final FileOutcome outcome) {
        outcomes.put(outcome.name(), outcome);
        endNs = System.nanoTime();
    }

    String verb() {
        return verb;
    }

    long bytes() {
        return bytes;
    }

    /** From the beginning to the last byte or file. */
    long elapsedNs() {
        return endNs - startNs;
    }

    Map<String, FileOutcome> outcomes() {
        return outcomes;
    }

    private static String bar(final int percent) {
        final int filled = percent * BAR_WIDTH / HUNDRED;
        return "[" + "#".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] ";
    }

    private String text(final String bar, final int percent) {
        return String.format(
                Locale.ROOT,
                "%s %s%3d%%  %s  %s",
                verb,
                bar,
                percent,
                Sizes.text(bytes),
                Sizes.rate(bytes, elapsedNs()));
    }
}

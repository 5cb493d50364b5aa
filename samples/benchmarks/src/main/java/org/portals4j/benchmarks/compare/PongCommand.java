package org.portals4j.benchmarks.compare;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

/** The process that {@code perf compare} starts as the other end; ends when its input does. */
@Command(name = "pong", hidden = true, description = "Used by 'portals perf compare'.")
public final class PongCommand implements Callable<Integer> {
    static final String REPLY = "reply";
    static final String ERROR = "error";

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Made by picocli. */
    public PongCommand() {}

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final PongLoop loop = new PongLoop();
        final BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long number = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(loop, ++number, line));
            out.flush();
        }
        loop.handle("close");
        return 0;
    }

    /** A reply is one line: its kind, the number of the command, the text. */
    static String answer(final PongLoop loop, final long number, final String command) {
        try {
            return REPLY + " " + number + " " + loop.handle(command);
        } catch (final RuntimeException e) {
            return ERROR + " " + number + " " + command + ": " + e;
        }
    }
}

package org.portals4j.tools;

import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.tools.files.SourceTree;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** The process that {@code portals demo} starts as the initiator. */
@Command(name = "demo-initiator", hidden = true, description = "Used by 'portals demo'.")
final class DemoInitiatorCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "TARGET", converter = ProcessIds.class)
    private ProcessId target = ProcessId.ANY;

    @Option(names = "--dir", required = true)
    private Path directory = Path.of("");

    @Option(names = "--size-limit", converter = Sizes.class)
    private long sizeLimit = Long.MAX_VALUE;

    @Mixin private ConnectionOptions connection = new ConnectionOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        Shutdown.withParent();
        final PrintWriter out = spec.commandLine().getOut();
        final SourceTree tree = SourceTree.of(directory).limitedTo(sizeLimit);
        try (Portals portals = Portals.open(connection.context())) {
            out.println(
                    "initiator  process " + ProcessHandle.current().pid() + " is " + portals.id());
            out.flush();
            new DemoRun(tree, out).run(portals, target);
        }
        return 0;
    }
}

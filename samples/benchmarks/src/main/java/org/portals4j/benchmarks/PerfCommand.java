package org.portals4j.benchmarks;

import org.portals4j.benchmarks.compare.CompareCommand;
import org.portals4j.benchmarks.compare.PongCommand;
import org.portals4j.tools.PortalsSubcommand;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code portals perf}. */
@Command(
        name = "perf",
        description = "Measures.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {CompareCommand.class, PongCommand.class})
public final class PerfCommand implements PortalsSubcommand {
    @Spec private CommandSpec spec = CommandSpec.create();

    /** Made by the service loader. */
    public PerfCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which one? There is: compare");
    }
}

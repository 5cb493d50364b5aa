package org.portals4j.tools;

import org.portals4j.PortalsException;
import org.portals4j.tools.files.TransferException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

import java.io.PrintWriter;
import java.util.ServiceLoader;

/** The {@code portals} command. */
@Command(
        name = "portals",
        description = "Portals 4.3 for the JVM: try it, use it, measure it.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Versions.class,
        subcommands = {
            InfoCommand.class,
            DemoCommand.class,
            DemoInitiatorCommand.class,
            TargetCommand.class,
            PutCommand.class,
            GetCommand.class,
            DriverCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "Exit codes: 0 success, 1 failure, 2 bad arguments.",
            "Set PORTALS_DEBUG=1 to see the stack trace of a failure."
        })
public final class PortalsCommand {
    private static final int FAILURE = 1;
    private static final int USAGE = 2;

    private PortalsCommand() {}

    /**
     * Runs the command and ends the process.
     *
     * @param args the command line
     */
    public static void main(final String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, with what other modules add to it. */
    static CommandLine commandLine() {
        final CommandLine commandLine = new CommandLine(new PortalsCommand());
        for (final PortalsSubcommand subcommand : ServiceLoader.load(PortalsSubcommand.class)) {
            commandLine.addSubcommand(subcommand);
        }
        return commandLine
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(PortalsCommand::onBadArguments)
                .setExecutionExceptionHandler(PortalsCommand::onFailure);
    }

    private static int onBadArguments(final CommandLine.ParameterException e, final String[] args) {
        final CommandLine command = e.getCommandLine();
        final String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + oneLine(e) + " (see " + name + " --help)");
        return USAGE;
    }

    private static int onFailure(
            final Exception e, final CommandLine command, final CommandLine.ParseResult result) {
        final PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + reason(e));
        if (System.getenv("PORTALS_DEBUG") != null) {
            e.printStackTrace(err);
        }
        return FAILURE;
    }

    private static String reason(final Exception e) {
        if (e instanceof InterruptedException) {
            return "interrupted";
        }
        final boolean expected =
                e instanceof CommandException
                        || e instanceof PortalsException
                        || e instanceof TransferException;
        return expected ? oneLine(e) : e.getClass().getSimpleName() + ": " + oneLine(e);
    }

    private static String oneLine(final Exception e) {
        final String message = e.getMessage();
        return message == null ? e.toString() : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}

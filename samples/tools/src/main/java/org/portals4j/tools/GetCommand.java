package org.portals4j.tools;

import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.tools.files.FileClient;
import org.portals4j.tools.files.FileRequest;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code portals get}. */
@Command(
        name = "get",
        description = "Reads a file from a 'portals target'.",
        mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "What it is called there.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            converter = ProcessIds.class,
            description = "The address that the target printed, as 127.0.0.1:4711.")
    private ProcessId target = ProcessId.ANY;

    @Parameters(
            index = "2",
            paramLabel = "FILE",
            description = "Where it goes: a file, replaced if it exists, or a directory.")
    private Path destination = Path.of("");

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "Seconds that the target may be silent. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 30;

    @Mixin private ConnectionOptions connection = new ConnectionOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        final Path file =
                Files.isDirectory(destination)
                        ? destination.resolve(name.substring(name.lastIndexOf('/') + 1))
                        : destination;
        final Path parent = file.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new ParameterException(spec.commandLine(), "'" + parent + "' is not a directory");
        }
        final Portals.Context context = connection.context();
        try (Portals portals = Portals.open(context);
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                FileClient client =
                        FileClient.connect(ni, target, Duration.ofSeconds(timeoutSeconds))) {
            final Progress progress = Progress.of("get", 0, spec.commandLine().getOut());
            client.get(List.of(new FileRequest(name, file)), progress);
            return Outcomes.report(progress, client.dataNs(), 0, spec);
        }
    }
}

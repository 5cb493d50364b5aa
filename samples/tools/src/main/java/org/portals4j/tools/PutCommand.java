package org.portals4j.tools;

import org.jspecify.annotations.Nullable;
import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.tools.files.FileClient;
import org.portals4j.tools.files.SourceFile;
import org.portals4j.tools.files.SourceTree;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code portals put}. */
@Command(
        name = "put",
        description = "Sends a file, or the files below a directory, to a 'portals target'.",
        mixinStandardHelpOptions = true)
final class PutCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE|DIR", description = "What to send.")
    private Path source = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "TARGET",
            converter = ProcessIds.class,
            description = "The address that the target printed, as 127.0.0.1:4711.")
    private ProcessId target = ProcessId.ANY;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "What a single file is called there. Default: its own name.")
    private @Nullable String name;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "Seconds that the target may be silent. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 30;

    @Mixin private ConnectionOptions connection = new ConnectionOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (!Files.isReadable(source)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + source + "' does not exist or cannot be read");
        }
        final PrintWriter out = spec.commandLine().getOut();
        final SourceTree tree = tree();
        final Portals.Context context = connection.context();
        try (Portals portals = Portals.open(context);
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                FileClient client =
                        FileClient.connect(ni, target, Duration.ofSeconds(timeoutSeconds))) {
            final Progress progress = Progress.of("put", tree.bytes(), out);
            client.put(tree.files(), progress);
            return Outcomes.report(progress, client.dataNs(), tree.skipped(), spec);
        }
    }

    private SourceTree tree() throws IOException {
        final SourceTree tree = SourceTree.of(source);
        if (name == null) {
            return tree;
        }
        if (Files.isDirectory(source)) {
            throw new ParameterException(spec.commandLine(), "--as is for a single file");
        }
        final SourceFile file = tree.files().getFirst();
        return new SourceTree(List.of(new SourceFile(name, file.path(), file.size())), 0);
    }
}

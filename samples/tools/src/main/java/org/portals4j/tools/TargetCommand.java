package org.portals4j.tools;

import org.jspecify.annotations.Nullable;
import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.tools.files.FileServer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** {@code portals target}. */
@Command(
        name = "target",
        description =
                "Serves a directory to 'portals put' and 'portals get' until Ctrl-C, and prints the"
                        + " address to give to them.",
        mixinStandardHelpOptions = true)
final class TargetCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            required = true,
            paramLabel = "DIR",
            description = "The directory; it must exist. Files are replaced without asking.")
    private Path directory = Path.of("");

    @Mixin private ConnectionOptions connection = new ConnectionOptions();

    @Option(names = "--exit-with-parent", hidden = true)
    private boolean exitWithParent;

    @Option(names = "--temporary", hidden = true, description = "Remove the directory at the end.")
    private boolean temporary;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + directory + "' is not a directory");
        }
        final PrintWriter out = spec.commandLine().getOut();
        final Portals.Context context = connection.context();
        final AtomicReference<@Nullable FileServer> running = new AtomicReference<>();
        try (Shutdown shutdown = new Shutdown(() -> stop(running.get()));
                Portals portals = Portals.open(context);
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final FileServer server = new FileServer(ni, directory, line -> say(out, line));
            running.set(server);
            if (exitWithParent) {
                Shutdown.withParent();
            }
            say(
                    out,
                    "target "
                            + portals.id()
                            + " serves "
                            + directory
                            + " over "
                            + portals.transport()
                            + ", Ctrl-C ends it");
            if (shutdown.isRequested()) {
                server.stop();
            }
            server.run();
            if (temporary) {
                WorkDirectory.remove(directory);
            }
        }
        return 0;
    }

    private static void stop(final @Nullable FileServer server) {
        if (server != null) {
            server.stop();
        }
    }

    private static void say(final PrintWriter out, final String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}

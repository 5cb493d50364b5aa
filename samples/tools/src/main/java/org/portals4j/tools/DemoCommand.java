package org.portals4j.tools;

import org.portals4j.tools.files.SourceTree;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** {@code portals demo}. */
@Command(
        name = "demo",
        description = {
            "Sends a directory tree to another process with matched puts, reads it back with gets,"
                    + " compares the SHA-256 of every file, and shows how fast it was.",
            "The media driver, the target and the initiator are processes of their own; kill one to"
                    + " see what happens."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "What to send. Default: the files of the running JDK.")
    private Path directory = Path.of(System.getProperty("java.home"));

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description =
                    "ipc (shared memory), udp, or loopback (in one process)."
                            + " Default: ${DEFAULT-VALUE}.")
    private Transport transport = Transport.IPC;

    @Option(
            names = "--size-limit",
            paramLabel = "SIZE",
            converter = Sizes.class,
            description =
                    "Send at most so many bytes: whole files, the largest first."
                            + " Default: ${DEFAULT-VALUE}.")
    private long sizeLimit = 512L << 20;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            description = "Give up after so many seconds. Default: ${DEFAULT-VALUE}.")
    private int timeoutSeconds = 300;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isDirectory(directory)) {
            throw new ParameterException(
                    spec.commandLine(), "'" + directory + "' is not a directory");
        }
        final PrintWriter out = spec.commandLine().getOut();
        final SourceTree all = SourceTree.of(directory);
        final SourceTree tree = all.limitedTo(sizeLimit);
        if (tree.files().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "'" + directory + "' has no files to send");
        }
        final int tooMuch = all.files().size() - tree.files().size();
        out.println(
                "Portals4J demo over "
                        + transport
                        + ": "
                        + tree.files().size()
                        + " files, "
                        + Sizes.text(tree.bytes())
                        + " of "
                        + directory
                        + (tree.skipped() == 0
                                ? ""
                                : ", skipped (links, unreadable): " + tree.skipped())
                        + (tooMuch == 0 ? "" : ", beyond the size limit: " + tooMuch));
        out.flush();
        if (transport == Transport.LOOPBACK) {
            new DemoInOneProcess(tree, out).run();
        } else {
            new DemoProcesses(directory, sizeLimit, transport, timeoutSeconds, out).run();
        }
        return 0;
    }
}

package org.portals4j.tools;

import org.jspecify.annotations.Nullable;
import org.portals4j.aeron.PortalsMediaDriver;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code portals driver}. */
@Command(
        name = "driver",
        description =
                "Runs a media driver that processes of this host share, until Ctrl-C; then removes"
                        + " its directory.",
        mixinStandardHelpOptions = true)
final class DriverCommand implements Callable<Integer> {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Its directory, best in memory. Refused if a live driver has it."
                            + " Default: /dev/shm/portals-USER.")
    private @Nullable Path directory;

    @Option(
            names = "--idle",
            paramLabel = "NAME",
            description =
                    "How its thread waits: spin, yield, backoff or adaptive."
                            + " Default: ${DEFAULT-VALUE}.")
    private String idle = "adaptive";

    @Option(names = "--exit-with-parent", hidden = true)
    private boolean exitWithParent;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        final PrintWriter out = spec.commandLine().getOut();
        final Path where = directory == null ? defaultDirectory() : directory;
        try (Shutdown shutdown = new Shutdown(() -> {});
                PortalsMediaDriver driver =
                        PortalsMediaDriver.launch(
                                where.toAbsolutePath(), Map.of("aeron.driver.idle", idle))) {
            if (exitWithParent) {
                Shutdown.withParent();
            }
            out.println("media driver in " + driver.directory() + ", Ctrl-C ends it");
            out.flush();
            shutdown.await();
        }
        return 0;
    }

    private static Path defaultDirectory() {
        return WorkDirectory.inMemory().resolve("portals-" + System.getProperty("user.name"));
    }
}

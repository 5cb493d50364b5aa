package org.portals4j.tools;

import org.jspecify.annotations.Nullable;
import org.portals4j.Portals;
import org.portals4j.ProcessId;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The options of commands that open an instance of Portals between processes. */
final class ConnectionOptions {
    @Option(
            names = "--transport",
            paramLabel = "NAME",
            description =
                    "ipc (shared memory), udp, or aeron: the one or the other, by peer."
                            + " Default: ${DEFAULT-VALUE}.")
    private Transport transport = Transport.AERON;

    @Option(
            names = "--aeron-dir",
            paramLabel = "DIR",
            description =
                    "The directory of a running media driver ('portals driver' prints it)."
                            + " Default: a media driver inside this process; ipc then reaches"
                            + " nobody else.")
    private @Nullable Path aeronDir;

    @Option(
            names = "--nid",
            paramLabel = "ADDRESS",
            converter = ProcessIds.Nids.class,
            description = "The IPv4 address to be reached by. Default: the transport chooses.")
    private int nid = Portals.Context.NID_DEFAULT;

    @Option(
            names = "--pid",
            paramLabel = "N",
            description = "The Portals process id, 1 to 65534. Default: a free one.")
    private int pid = ProcessId.PID_ANY;

    @Option(
            names = "--peer-timeout",
            paramLabel = "MS",
            description =
                    "Milliseconds of silence after which a peer is declared dead."
                            + " Default: ${DEFAULT-VALUE}.")
    private int peerTimeoutMs = 3000;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    /** What {@link Portals#open(Portals.Context)} is given. */
    Portals.Context context() {
        check(transport != Transport.LOOPBACK, "loopback reaches no other process");
        check(
                transport != Transport.IPC || aeronDir != null,
                "ipc needs a common media driver: start 'portals driver' and pass --aeron-dir");
        check(pid >= ProcessId.PID_MIN && pid <= ProcessId.PID_ANY, "--pid is not in 1..65534");
        check(peerTimeoutMs >= 10, "--peer-timeout is at least 10");
        final Portals.Context context =
                new Portals.Context()
                        .transport(transport.toString())
                        .nid(nid)
                        .pid(pid)
                        .peerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(peerTimeoutMs))
                        .errorHandler(this::tell);
        if (aeronDir != null) {
            context.property("aeron.dir", aeronDir.toAbsolutePath().toString());
        }
        return context;
    }

    /** What the transport meets in its own threads: a line, not a stack trace. */
    private void tell(final Throwable error) {
        if (spec != null) {
            spec.commandLine()
                    .getErr()
                    .println(spec.qualifiedName() + ": in the background: " + error);
        }
    }

    private void check(final boolean valid, final String message) {
        if (!valid && spec != null) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}

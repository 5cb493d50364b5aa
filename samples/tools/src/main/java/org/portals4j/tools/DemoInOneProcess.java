package org.portals4j.tools;

import org.portals4j.InterfaceKind;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.tools.files.FileServer;
import org.portals4j.tools.files.SourceTree;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/** The demo over loopback: two instances of Portals, each with its thread, in this process. */
final class DemoInOneProcess {
    private final SourceTree tree;
    private final PrintWriter out;

    DemoInOneProcess(final SourceTree tree, final PrintWriter out) {
        this.tree = tree;
        this.out = out;
    }

    void run() throws IOException {
        final Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        final Thread main = Thread.currentThread();
        try (Shutdown _ = new Shutdown(main::interrupt);
                WorkDirectory work = new WorkDirectory(temporary, "portals-demo-");
                Portals target = Portals.open(new Portals.Context());
                NetworkInterface ni = target.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                FileServer server = new FileServer(ni, work.path(), line -> {})) {
            Thread.ofPlatform().daemon().name("portals-target").start(server::run);
            try (Portals initiator = Portals.open(new Portals.Context())) {
                out.println(
                        "target     "
                                + target.id()
                                + ", initiator "
                                + initiator.id()
                                + ", both in process "
                                + ProcessHandle.current().pid());
                new DemoRun(tree, out).run(initiator, target.id());
            }
        }
    }
}

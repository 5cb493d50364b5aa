package org.portals4j.tools;

import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.NetworkInterface;
import org.portals4j.Portals;
import org.portals4j.PortalsException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.lang.reflect.RecordComponent;
import java.util.concurrent.Callable;

/** {@code portals info}. */
@Command(
        name = "info",
        description =
                "Shows versions, the transports that work here (and why others do not), addresses,"
                        + " memory and limits.",
        mixinStandardHelpOptions = true)
final class InfoCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        out.println("Portals4J " + Versions.portals());
        out.println(Versions.java());
        int available = 0;
        for (final Transport transport : Transport.values()) {
            out.println();
            if (show(transport, out)) {
                available++;
            }
        }
        return available > 0 ? 0 : 1;
    }

    private static boolean show(final Transport transport, final PrintWriter out) {
        try (Portals portals = Portals.open(new Portals.Context().transport(transport.toString()));
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            out.println("transport " + transport + ": works, a process here is " + portals.id());
            portals.describe().lines().forEach(line -> out.println("  " + line));
            if (transport == Transport.LOOPBACK) {
                out.println();
                limits(ni.limits(), out);
            }
            return true;
        } catch (final PortalsException e) {
            out.println("transport " + transport + ": does not work here: " + e.getMessage());
            return false;
        } finally {
            out.flush();
        }
    }

    private static void limits(final Limits limits, final PrintWriter out) {
        out.println("limits of an interface unless others are wished for:");
        for (final RecordComponent component : Limits.class.getRecordComponents()) {
            try {
                final Number value = (Number) component.getAccessor().invoke(limits);
                out.printf("  %-22s %,d%n", component.getName(), value.longValue());
            } catch (final ReflectiveOperationException e) {
                throw new IllegalStateException("record components are public", e);
            }
        }
    }
}

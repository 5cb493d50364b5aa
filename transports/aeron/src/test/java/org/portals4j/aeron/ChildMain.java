package org.portals4j.aeron;

import org.portals4j.PortalsException;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Peer;

/** What child JVMs of the tests run: a role, a driver's directory, numbers. */
final class ChildMain {
    private ChildMain() {}

    public static void main(final String[] arguments) {
        switch (arguments[0]) {
            case "open" -> open(arguments[1]);
            case "forget" -> forget();
            case "listen" -> listen(arguments[1], Integer.parseInt(arguments[2]));
            case "send" ->
                    send(
                            arguments[1],
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            arguments[4]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Opens an endpoint twice and prints what is said. */
    private static void open(final String transport) {
        System.out.println("probe " + new AeronProvider().probe(transport));
        for (int i = 0; i < 2; i++) {
            try {
                Node.open(transport, Node.PID_ANY).close();
                System.out.println("opened");
            } catch (final PortalsException e) {
                System.out.println("refused " + e.code() + " " + e.getMessage());
            }
        }
    }

    /** Ends without closing. */
    private static void forget() {
        System.out.println("directory " + Node.open("aeron", Node.PID_ANY).directory());
    }

    private static void listen(final String directory, final int pid) {
        try (Node node = Node.open("aeron", pid, "aeron.dir", directory)) {
            System.out.println("listening");
            node.until(() -> false);
        }
    }

    /** Sends frames, closes at once and exits at once. */
    private static void send(
            final String directory, final int pid, final int count, final String transport) {
        final String[] properties =
                directory.isEmpty() ? new String[0] : new String[] {"aeron.dir", directory};
        try (Node node = Node.open(transport, Node.PID_ANY, properties)) {
            final Peer peer = node.endpoint.peer(NodeId.LOOPBACK, pid);
            for (int i = 0; i < count; i++) {
                node.send(peer, FrameTransferTest.numbered(i, 1000));
            }
            if (node.trySend(peer, FrameTransferTest.numbered(count, 0)) != ClaimStatus.OK) {
                node.send(peer, FrameTransferTest.numbered(count, 0));
            }
        }
        Runtime.getRuntime().halt(0);
    }
}

package org.portals4j.benchmarks.compare;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What both sides are set to, and where they meet. Travels to the pong process as one word.
 *
 * @param transport ipc, udp or loopback
 * @param driverDirectory of the media driver; empty for loopback
 * @param mtu longest datagram and IPC frame, bytes
 * @param termLength of each log, bytes
 * @param socketBuffer send and receive, bytes
 * @param window receiver window, bytes
 * @param pingPort UDP port of the raw side, ping's end
 * @param pongPort UDP port of the raw side, pong's end
 */
record Profile(
        String transport,
        String driverDirectory,
        int mtu,
        int termLength,
        int socketBuffer,
        int window,
        int pingPort,
        int pongPort) {
    /** Portals4J's own defaults for small messages. */
    static final int IPC_TERM = 1 << 20;

    /** Portals4J's own defaults for small messages. */
    static final int UDP_TERM = 4 << 20;

    /** A raw message is at most an eighth of a term, so 1 MiB wants this. */
    static final int BULK_TERM = 8 << 20;

    static final int MTU = 8192;
    static final int SOCKET_BUFFER = 2 << 20;

    private static final String SEPARATOR = ",";

    /** The profile of bulk transfers. */
    Profile bulk() {
        return withTerm(BULK_TERM);
    }

    private Profile withTerm(final int term) {
        return new Profile(
                transport, driverDirectory, mtu, term, socketBuffer, window, pingPort, pongPort);
    }

    /** The properties of the Aeron transport that say the same. */
    Map<String, String> properties() {
        final Map<String, String> properties = new HashMap<>();
        if (!transport.equals("loopback")) {
            properties.put("aeron.dir", driverDirectory);
            properties.put("aeron.mtu", Integer.toString(mtu));
            properties.put("aeron." + transport + ".term.length", Integer.toString(termLength));
            if (transport.equals("udp")) {
                properties.put("aeron.socket.buffer", Integer.toString(socketBuffer));
                properties.put("aeron.udp.window", Integer.toString(window));
            }
        }
        return properties;
    }

    String encode() {
        return new StringJoiner(SEPARATOR)
                .add(transport)
                .add(Integer.toString(mtu))
                .add(Integer.toString(termLength))
                .add(Integer.toString(socketBuffer))
                .add(Integer.toString(window))
                .add(Integer.toString(pingPort))
                .add(Integer.toString(pongPort))
                .add(driverDirectory)
                .toString();
    }

    static Profile decode(final String text) {
        final String[] parts = text.split(SEPARATOR, 8);
        return new Profile(
                parts[0],
                parts[7],
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]),
                Integer.parseInt(parts[5]),
                Integer.parseInt(parts[6]));
    }

    @Override
    public String toString() {
        return transport.equals("loopback")
                ? transport
                : transport
                        + ", mtu "
                        + mtu
                        + ", terms "
                        + (termLength >> 20)
                        + " MiB"
                        + (transport.equals("udp")
                                ? ", sockets and window " + (window >> 10) + " KiB"
                                : "");
    }
}

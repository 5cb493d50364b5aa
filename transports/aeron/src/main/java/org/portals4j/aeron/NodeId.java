package org.portals4j.aeron;

import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.List;

/**
 * Node ids are IPv4 addresses, the first byte highest: 127.0.0.1 is 0x7f000001. The rule that
 * chooses one stands in the README of this module.
 */
final class NodeId {
    static final int LOOPBACK = 0x7f000001;

    private NodeId() {}

    static String format(final int nid) {
        return (nid >>> 24)
                + "."
                + (nid >>> 16 & 255)
                + "."
                + (nid >>> 8 & 255)
                + "."
                + (nid & 255);
    }

    static int of(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        int nid = 0;
        for (final byte b : bytes) {
            nid = nid << 8 | (b & 255);
        }
        return nid;
    }

    /** The node id of an endpoint: the one asked for, if it can be, or the rule's. */
    static int choose(final int wanted, final Way way, final @Nullable String interfaceName) {
        if (wanted == 0) {
            return byRule(way, interfaceName);
        }
        if (way.udp()) {
            requireLocal(wanted);
        }
        return wanted;
    }

    private static int byRule(final Way way, final @Nullable String interfaceName) {
        if (interfaceName != null) {
            return named(interfaceName, way);
        }
        if (!way.udp()) {
            return LOOPBACK;
        }
        try {
            final List<NetworkInterface> all =
                    NetworkInterface.networkInterfaces()
                            .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                            .toList();
            for (final NetworkInterface each : all) {
                if (each.isUp() && !each.isLoopback() && !each.isVirtual()) {
                    final int nid = firstRoutable(each);
                    if (nid != 0) {
                        return nid;
                    }
                }
            }
        } catch (final SocketException e) {
            throw new PortalsException(
                    ReturnCode.FAIL, "cannot list the network interfaces of this host", e);
        }
        return LOOPBACK;
    }

    private static int firstRoutable(final NetworkInterface network) {
        return network.inetAddresses()
                .filter(a -> a instanceof Inet4Address)
                .filter(a -> !a.isLinkLocalAddress() && !a.isLoopbackAddress())
                .mapToInt(NodeId::of)
                .findFirst()
                .orElse(0);
    }

    private static int named(final String name, final Way way) {
        if (name.matches("[0-9.]+")) {
            final int nid = parse(name);
            if (way.udp()) {
                requireLocal(nid);
            }
            return nid;
        }
        try {
            final NetworkInterface network = NetworkInterface.getByName(name);
            if (network != null) {
                return network.inetAddresses()
                        .filter(a -> a instanceof Inet4Address)
                        .mapToInt(NodeId::of)
                        .findFirst()
                        .orElseThrow(() -> bad(name, "an interface with an IPv4 address"));
            }
        } catch (final SocketException e) {
            throw new PortalsException(ReturnCode.FAIL, "cannot look up interface " + name, e);
        }
        throw bad(name, "the name or an IPv4 address of an interface of this host");
    }

    private static int parse(final String address) {
        try {
            if (address.split("\\.", -1).length == 4) {
                final InetAddress parsed = InetAddress.getByName(address); // a literal: no look-up
                return of(parsed);
            }
        } catch (final UnknownHostException e) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    AeronSettings.INTERFACE + "=" + address + " is not an IPv4 address",
                    e);
        }
        throw bad(address, "an IPv4 address");
    }

    /** Only trying to bind tells: all of 127/8 is local without being listed. */
    private static void requireLocal(final int nid) {
        try {
            final byte[] bytes = {
                (byte) (nid >>> 24), (byte) (nid >>> 16), (byte) (nid >>> 8), (byte) nid
            };
            new DatagramSocket(new InetSocketAddress(InetAddress.getByAddress(bytes), 0)).close();
        } catch (final IOException e) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "nid " + format(nid) + " is not an address of this host",
                    e);
        }
    }

    private static PortalsException bad(final String value, final String wanted) {
        return new PortalsException(
                ReturnCode.ARG_INVALID,
                AeronSettings.INTERFACE + "=" + value + " is not " + wanted);
    }
}

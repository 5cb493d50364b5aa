package org.portals4j.aeron;

import org.agrona.BitUtil;
import org.agrona.SystemUtil;
import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Capabilities;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The properties of an endpoint, checked; the README of this module explains each.
 *
 * @param way the transport asked for
 * @param directory the media driver's directory, or null: a random one, or Aeron's default
 * @param embedded whether a driver is started in this process
 * @param idle how that driver waits
 * @param interfaceName where the default node id comes from: an interface's name or address
 * @param ipcStreamBase plus the pid gives the first choice of IPC stream id
 * @param udpStream the stream id of all UDP frames
 * @param mtu the longest datagram and IPC frame with its Aeron header, bytes
 * @param ipcTerm length of one of the three terms of an IPC log, bytes
 * @param udpTerm the same of a UDP log
 * @param socketBuffer send and receive buffer of a socket, bytes
 * @param udpWindow bytes that may be on the way from one sender
 */
record AeronSettings(
        Way way,
        @Nullable String directory,
        boolean embedded,
        DriverIdle idle,
        @Nullable String interfaceName,
        int ipcStreamBase,
        int udpStream,
        int mtu,
        int ipcTerm,
        int udpTerm,
        int socketBuffer,
        int udpWindow) {
    static final String DIR = "aeron.dir";
    static final String DRIVER = "aeron.driver";
    static final String DRIVER_IDLE = "aeron.driver.idle";
    static final String INTERFACE = "aeron.interface";
    static final String IPC_STREAM_BASE = "aeron.ipc.stream.base";
    static final String UDP_STREAM = "aeron.udp.stream";
    static final String MTU = "aeron.mtu";
    static final String IPC_TERM = "aeron.ipc.term.length";
    static final String UDP_TERM = "aeron.udp.term.length";
    static final String SOCKET_BUFFER = "aeron.socket.buffer";
    static final String UDP_WINDOW = "aeron.udp.window";

    /** Every name that is understood. */
    static final List<String> KNOWN =
            List.of(
                    DIR,
                    DRIVER,
                    DRIVER_IDLE,
                    INTERFACE,
                    IPC_STREAM_BASE,
                    IPC_TERM,
                    MTU,
                    SOCKET_BUFFER,
                    UDP_STREAM,
                    UDP_TERM,
                    UDP_WINDOW);

    /** Aeron's header of each frame, bytes. */
    static final int HEADER = 32;

    private static final int MAX_MTU = 65_504;
    private static final int MIN_TERM = 64 * 1024;
    private static final int MAX_TERM = 1024 * 1024 * 1024;
    private static final int DEFAULT_SOCKET_BUFFER = 2 * 1024 * 1024;
    private static final int MIN_SOCKET_BUFFER = 128 * 1024;
    private static final int MAX_STREAM_BASE = 1_000_000_000;

    static AeronSettings parse(final Way way, final Map<String, String> properties) {
        refuseUnknown(properties);
        final Reader reader = new Reader(properties);
        final String directory = properties.get(DIR);
        final boolean embedded =
                reader.choice(DRIVER, directory == null ? "embedded" : "external", "embedded")
                        .equals("embedded");
        final DriverIdle idle = idle(way, properties);
        final int mtu = reader.size(MTU, 8192, HEADER + Capabilities.MIN_FRAME, MAX_MTU);
        reader.require(mtu % HEADER == 0, MTU, "a multiple of 32");
        final int ipcTerm = reader.term(IPC_TERM, 1024 * 1024, mtu);
        final int udpTerm = reader.term(UDP_TERM, 4 * 1024 * 1024, mtu);
        final int socketBuffer =
                reader.size(SOCKET_BUFFER, defaultSocketBuffer(), mtu, Integer.MAX_VALUE);
        final int window =
                reader.size(UDP_WINDOW, Math.min(socketBuffer, udpTerm / 2), mtu, socketBuffer);
        return new AeronSettings(
                way,
                directory,
                embedded,
                idle,
                properties.get(INTERFACE),
                reader.size(IPC_STREAM_BASE, 43_000_000, 1, MAX_STREAM_BASE),
                reader.size(UDP_STREAM, 4300, 1, Integer.MAX_VALUE),
                mtu,
                ipcTerm,
                udpTerm,
                socketBuffer,
                window);
    }

    static void refuseUnknown(final Map<String, String> properties) {
        final TreeSet<String> unknown = new TreeSet<>(properties.keySet());
        KNOWN.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID,
                    "unknown properties " + unknown + "; known are " + KNOWN);
        }
    }

    static DriverIdle idle(final Way way, final Map<String, String> properties) {
        final String value = properties.get(DRIVER_IDLE);
        if (value == null) {
            return DriverIdle.defaultFor(way);
        }
        for (final DriverIdle idle : DriverIdle.values()) {
            if (idle.name().toLowerCase(Locale.ROOT).equals(value)) {
                return idle;
            }
        }
        throw bad(
                DRIVER_IDLE,
                value,
                "one of " + Arrays.toString(DriverIdle.values()).toLowerCase(Locale.ROOT));
    }

    /** The longest frame that fits one claim. */
    int maxFrame() {
        return (mtu - HEADER) & -8;
    }

    /** What the kernel grants without privilege, at most the 2 MiB of the measured profile. */
    private static int defaultSocketBuffer() {
        final long granted = Math.min(kernelLimit("rmem_max"), kernelLimit("wmem_max"));
        return (int) Math.max(MIN_SOCKET_BUFFER, Math.min(DEFAULT_SOCKET_BUFFER, granted));
    }

    private static long kernelLimit(final String name) {
        try {
            return Long.parseLong(OsProcess.firstLine(Path.of("/proc/sys/net/core", name)));
        } catch (final IOException | NumberFormatException e) {
            return DEFAULT_SOCKET_BUFFER; // not Linux, or hidden: ask for what we want
        }
    }

    private static PortalsException bad(
            final String name, final String value, final String wanted) {
        return new PortalsException(
                ReturnCode.ARG_INVALID, name + "=" + value + " is not " + wanted);
    }

    /** Reads values and names what is wrong with them. */
    private record Reader(Map<String, String> properties) {
        String choice(final String name, final String other, final String first) {
            final String value = properties.getOrDefault(name, other);
            if (!value.equals(first) && !value.equals("external")) {
                throw bad(name, value, "one of [" + first + ", external]");
            }
            return value;
        }

        int size(final String name, final int other, final int min, final int max) {
            final String value = properties.get(name);
            if (value == null) {
                return other;
            }
            final String wanted =
                    "a size of " + min + " to " + max + " (k, m and g are understood)";
            final long size;
            try {
                size = SystemUtil.parseSize(name, value);
            } catch (final NumberFormatException e) {
                throw bad(name, value, wanted);
            }
            if (size < min || size > max) {
                throw bad(name, value, wanted);
            }
            return (int) size;
        }

        int term(final String name, final int other, final int mtu) {
            final int term = size(name, other, MIN_TERM, MAX_TERM);
            require(BitUtil.isPowerOfTwo(term), name, "a power of two");
            // Aeron: a message is at most an eighth of a term.
            require(mtu - HEADER <= term / 8, name, "at least eight times " + MTU + "=" + mtu);
            return term;
        }

        void require(final boolean holds, final String name, final String wanted) {
            if (!holds) {
                throw bad(name, properties.getOrDefault(name, "(default)"), wanted);
            }
        }
    }
}

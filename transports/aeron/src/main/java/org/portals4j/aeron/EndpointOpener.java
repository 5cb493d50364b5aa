package org.portals4j.aeron;

import io.aeron.Aeron;
import io.aeron.Counter;
import io.aeron.ErrorCode;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;

import org.agrona.CloseHelper;
import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.aeron.AeronEndpoint.Address;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.EndpointConfig;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Opens an endpoint: connects to a driver, finds a name, announces and subscribes it. A name taken
 * by another process is refused, or another one is tried if any will do.
 */
final class EndpointOpener {
    private static final int PID_ANY = 0xffff;
    private static final int PID_MAX = PID_ANY - 1;
    private static final int ATTEMPTS = 100;
    private static final int STREAMS_PER_ROUND = 1 << 16;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final EndpointConfig config;
    private final AeronSettings settings;
    private final Way way;
    private final int nid;
    private final Connection connection;
    private final Aeron client;
    private final Channels channels;
    private final Announcements announcements;
    private final RandomGenerator random;

    private EndpointOpener(
            final EndpointConfig config,
            final AeronSettings settings,
            final int nid,
            final Connection connection,
            final RandomGenerator random) {
        this.config = config;
        this.settings = settings;
        this.way = settings.way();
        this.nid = nid;
        this.connection = connection;
        this.client = connection.client();
        this.channels = new Channels(settings);
        this.announcements = new Announcements(client.countersReader());
        this.random = random;
    }

    static Endpoint open(
            final EndpointConfig config, final LongSupplier clock, final RandomGenerator random) {
        final AeronSettings settings =
                AeronSettings.parse(Way.of(config.transport()), config.properties());
        if (config.pid() < 1 || config.pid() > PID_ANY) {
            throw new PortalsException(ReturnCode.ARG_INVALID, "pid " + config.pid());
        }
        final int nid = NodeId.choose(config.nid(), settings.way(), settings.interfaceName());
        final Connection connection = Connection.open(settings, config.resource());
        try {
            final Address address =
                    new EndpointOpener(config, settings, nid, connection, random).settle();
            return new AeronEndpoint(settings, connection, address, config.errorHandler(), clock);
        } catch (final AeronException e) {
            connection.close(List.of(), System.nanoTime());
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "cannot open an endpoint on the media driver of "
                            + connection.directory()
                            + ": "
                            + e.getMessage(),
                    e);
        } catch (final RuntimeException e) {
            connection.close(List.of(), System.nanoTime());
            throw e;
        }
    }

    private Address settle() {
        if (config.pid() != PID_ANY) {
            final Address address = tryName(config.pid());
            if (address == null) {
                throw pidInUse(config.pid());
            }
            return address;
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            final Address address = way.udp() ? tryPort() : tryName(1 + random.nextInt(PID_MAX));
            if (address != null) {
                return address;
            }
        }
        throw new PortalsException(
                ReturnCode.NO_SPACE, "no free pid found in " + ATTEMPTS + " attempts");
    }

    /** Takes a given name: announced first, so that a peer that sees the socket sees this too. */
    private @Nullable Address tryName(final int pid) {
        final Counter announcement = announce(pid);
        if (announcement == null) {
            return null;
        }
        Subscription udp = null;
        try {
            udp = way.udp() ? subscribeUdp(pid) : null;
            return address(pid, announcement, udp);
        } catch (final AeronException e) {
            CloseHelper.quietCloseAll(announcement, udp);
            if (way.udp() && udp == null && bindFailed(e)) {
                throw pidInUse(pid, e);
            }
            throw e;
        }
    }

    /** Lets the system choose a port, which is the name. */
    private @Nullable Address tryPort() {
        final Subscription udp = subscribeUdp(0);
        try {
            final int pid = boundPort(udp);
            final Counter announcement = pid > PID_MAX ? null : announce(pid);
            if (announcement == null) {
                udp.close();
                return null;
            }
            return address(pid, announcement, udp);
        } catch (final AeronException e) {
            CloseHelper.quietClose(udp);
            throw e;
        }
    }

    private Address address(
            final int pid, final Counter announcement, final @Nullable Subscription udp) {
        final int stream = announcements.stream(announcement.id());
        final Subscription ipc =
                stream == 0 ? null : client.addSubscription(channels.ipcSubscription(), stream);
        return new Address(nid, pid, stream, ipc, udp, announcement);
    }

    /**
     * Adds our counter, then looks again: of several that came at the same time the oldest stays.
     *
     * @return null if the name is taken
     */
    private @Nullable Counter announce(final int pid) {
        while (!announcements.taken(nid, pid, Long.MAX_VALUE)) {
            final int stream = way.ipc() ? freeStream(pid) : 0;
            final Counter counter =
                    Announcements.announce(client, way, nid, pid, stream, config.incarnation());
            final long ours = counter.registrationId();
            final boolean nameLost = announcements.taken(nid, pid, ours);
            if (!nameLost && (stream == 0 || !announcements.streamTaken(stream, ours))) {
                return counter;
            }
            counter.close();
            if (nameLost) {
                break;
            }
        }
        return null;
    }

    /**
     * Base plus pid, or the next round if another node id or the remains of a dead process have
     * that: its subscription would hold back our senders until the driver removes it.
     */
    private int freeStream(final int pid) {
        int stream = settings.ipcStreamBase() + pid;
        while (announcements.streamTaken(stream, Long.MAX_VALUE)) {
            stream += STREAMS_PER_ROUND;
        }
        return stream;
    }

    private Subscription subscribeUdp(final int port) {
        final String channel = channels.udpSubscription(nid, port);
        for (int i = 0; ; i++) {
            try {
                return client.addSubscription(channel, settings.udpStream());
            } catch (final RegistrationException e) {
                if (e.errorCode() != ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE || i == ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY_NS); // the driver is closing an old socket
            }
        }
    }

    private int boundPort(final Subscription udp) {
        for (int i = 0; i < ATTEMPTS; i++) {
            final String bound = udp.resolvedEndpoint();
            if (bound != null) {
                return Integer.parseInt(bound.substring(bound.lastIndexOf(':') + 1));
            }
            LockSupport.parkNanos(RETRY_NS);
        }
        throw new PortalsException(
                ReturnCode.FAIL, "the media driver does not tell the port of " + udp.channel());
    }

    private static boolean bindFailed(final AeronException error) {
        final String message = error.getMessage();
        return message != null && message.contains("in use");
    }

    private PortalsException pidInUse(final int pid) {
        return new PortalsException(ReturnCode.PID_IN_USE, taken(pid));
    }

    private PortalsException pidInUse(final int pid, final AeronException cause) {
        return new PortalsException(ReturnCode.PID_IN_USE, taken(pid), cause);
    }

    private String taken(final int pid) {
        return NodeId.format(nid)
                + ":"
                + pid
                + " is taken (media driver "
                + connection.directory()
                + ")";
    }
}

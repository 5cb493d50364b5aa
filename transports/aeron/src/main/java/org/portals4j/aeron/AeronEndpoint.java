package org.portals4j.aeron;

import io.aeron.Counter;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;

import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.provider.Capabilities;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The frame path: claims go straight into the log of the peer's publication, frames are handed on
 * straight from the log that they arrived in. One frame is one unfragmented Aeron message.
 */
final class AeronEndpoint implements Endpoint, ControlledFragmentHandler {
    private static final int IPC_DEFAULT_WINDOW = AeronPeer.IPC_WINDOW;
    private static final int UDP_DEFAULT_WINDOW = 256 * 1024;

    /** While frames come in, the clock is read once in so many polls. */
    private static final int POLLS_PER_LOOK = 8;

    private final AeronSettings settings;
    private final Capabilities capabilities;
    private final Connection connection;
    private final Address address;
    private final Consumer<Throwable> errorHandler;
    private final LongSupplier clock;
    private final Announcements announcements;
    private final PeerTable peers;
    private final BufferClaim bufferClaim = new BufferClaim();
    private Subscription first;
    private Subscription second;
    private @Nullable Handler handler;
    private int bytesLeft;
    private int polls;

    /**
     * Where the endpoint listens.
     *
     * @param nid node id
     * @param pid process id
     * @param stream IPC stream id, 0 for none
     * @param ipc the IPC subscription, or null
     * @param udp the UDP subscription, or null
     * @param announcement our counter in the driver
     */
    record Address(
            int nid,
            int pid,
            int stream,
            @Nullable Subscription ipc,
            @Nullable Subscription udp,
            Counter announcement) {
        Subscription any() {
            final Subscription one = ipc == null ? udp : ipc;
            if (one == null) {
                throw new IllegalStateException("an endpoint without subscription");
            }
            return one;
        }
    }

    AeronEndpoint(
            final AeronSettings settings,
            final Connection connection,
            final Address address,
            final Consumer<Throwable> errorHandler,
            final LongSupplier clock) {
        this.settings = settings;
        this.connection = connection;
        this.address = address;
        this.errorHandler = errorHandler;
        this.clock = clock;
        announcements = new Announcements(connection.client().countersReader());
        peers = new PeerTable(settings, connection, announcements);
        first = address.any();
        second = address.udp() == null ? first : address.udp();
        capabilities =
                Capabilities.framesOnly(
                        settings.maxFrame(),
                        settings.way().udp() ? UDP_DEFAULT_WINDOW : IPC_DEFAULT_WINDOW,
                        !settings.way().udp());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public int nid() {
        return address.nid();
    }

    @Override
    public int pid() {
        return address.pid();
    }

    @Override
    public Peer peer(final int nid, final int pid) {
        return peers.peer(nid, pid);
    }

    @Override
    public ClaimStatus tryClaim(final Peer peer, final int length, final Claim claim) {
        final AeronPeer to = (AeronPeer) peer;
        final ExclusivePublication publication = to.ready;
        if (publication == null) {
            return peers.notReady(to);
        }
        long result = publication.tryClaim(length, bufferClaim);
        if (result == Publication.ADMIN_ACTION) {
            result = publication.tryClaim(length, bufferClaim); // the term has been changed
        }
        if (result < 0) {
            return peers.refused(to, result);
        }
        claim.wrap(bufferClaim.buffer(), bufferClaim.offset(), length);
        return ClaimStatus.OK;
    }

    @Override
    public void commit(final Claim claim) {
        bufferClaim.commit();
    }

    @Override
    public void abort(final Claim claim) {
        bufferClaim.abort();
    }

    @Override
    public int poll(final Handler to, final int maxFrames, final int maxBytes) {
        handler = to;
        bytesLeft = maxBytes;
        final Subscription one = first;
        final Subscription other = second;
        int work = one.controlledPoll(this, maxFrames);
        if (one != other) {
            if (work < maxFrames && bytesLeft > 0) {
                work += other.controlledPoll(this, maxFrames - work);
            }
            first = other;
            second = one;
        }
        if (work == 0 || ++polls >= POLLS_PER_LOOK || peers.urgent()) {
            polls = 0;
            work += lookAround(to);
        }
        return work;
    }

    private int lookAround(final Handler to) {
        if (connection.errors().any()) {
            connection.errors().drain(errorHandler);
        }
        final long nowNs = clock.getAsLong();
        return peers.due(nowNs) ? peers.look(nowNs, to) : 0;
    }

    /** A frame from the log; called by Aeron from within {@link #poll}. */
    @Override
    public Action onFragment(
            final DirectBuffer buffer, final int offset, final int length, final Header header) {
        final Handler to = handler;
        if (bytesLeft <= 0 || to == null) {
            return Action.ABORT; // another image's turn after the bytes were used up
        }
        if ((header.flags() & FrameDescriptor.UNFRAGMENTED) != FrameDescriptor.UNFRAGMENTED) {
            return Action.CONTINUE; // not from one of us
        }
        bytesLeft -= length;
        to.onFrame(null, ((Image) header.context()).correlationId(), buffer, offset, length);
        return bytesLeft > 0 ? Action.CONTINUE : Action.BREAK;
    }

    @Override
    public void disconnect(final Peer peer) {
        peers.disconnect((AeronPeer) peer);
    }

    @Override
    public @Nullable String failure() {
        return connection.failure();
    }

    @Override
    public void close(final long timeoutNs) {
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final List<Long> sending = new ArrayList<>();
        for (final AeronPeer peer : List.copyOf(peers.peers())) {
            final ExclusivePublication publication = peer.ready;
            if (publication != null && !peer.ipc) {
                sending.add(publication.registrationId());
            }
            peers.disconnect(peer);
        }
        if (!connection.client().isClosed()) {
            try {
                address.announcement().close();
                first.close();
                second.close();
            } catch (final AeronException e) {
                connection.errors().onError(e);
            }
        }
        connection.close(sending, deadlineNs);
        connection.errors().drain(errorHandler);
    }

    @Override
    public String describe() {
        final Channels channels = new Channels(settings);
        final StringBuilder text = new StringBuilder(512);
        text.append("transport ").append(settings.way().transport());
        text.append("\nnid ").append(NodeId.format(nid())).append(" pid ").append(pid());
        text.append("\nmedia driver ").append(connection.directory());
        text.append(" (").append(connection.driverKind()).append(')');
        final String failure = connection.failure();
        if (failure != null) {
            return text.append("\nfailed: ").append(failure).toString();
        }
        if (address.ipc() != null) {
            text.append("\nipc in ").append(channels.ipcSubscription());
            text.append(" stream ").append(address.stream());
            text.append(", out ").append(channels.ipcPublication());
        }
        final Subscription udp = address.udp();
        if (udp != null) {
            text.append("\nudp in ").append(udp.channel());
            text.append(" stream ").append(settings.udpStream());
            text.append(" bound to ").append(udp.localSocketAddresses());
            text.append(", out mtu ").append(settings.mtu());
            text.append(" term ").append(settings.udpTerm());
            text.append(" window ").append(settings.udpWindow());
            text.append(" socket buffers ").append(settings.socketBuffer());
        }
        text.append("\nendpoints on this driver ").append(announcements.count());
        for (final AeronPeer peer : peers.peers()) {
            text.append("\npeer ").append(peer);
        }
        return text.toString();
    }
}

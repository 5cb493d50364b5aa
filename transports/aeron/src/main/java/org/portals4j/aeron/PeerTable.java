package org.portals4j.aeron;

import io.aeron.Aeron;
import io.aeron.ErrorCode;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;

import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.status.CountersReader;
import org.jspecify.annotations.Nullable;
import org.portals4j.aeron.AeronPeer.State;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Handler;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The peers of an endpoint: sets up the ways to them, watches those, and tells when one comes up or
 * goes down. Runs from {@code poll}, under the instance's lock; only {@link #notReady} and {@link
 * #refused} are called from the frame path, when a claim found no room.
 */
final class PeerTable {
    /** How often to look while a way is being set up, and while none is. */
    private static final long CONNECTING_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long STEADY_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** A subscriber that is gone for longer than this will not come back. */
    private static final long GRACE_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Way way;
    private final AeronSettings settings;
    private final Channels channels;
    private final Connection connection;
    private final Aeron client;
    private final Announcements announcements;
    private final Long2ObjectHashMap<AeronPeer> byName = new Long2ObjectHashMap<>();
    private final ArrayList<AeronPeer> all = new ArrayList<>();
    private long nextLookNs;
    private boolean urgent = true;

    PeerTable(
            final AeronSettings settings,
            final Connection connection,
            final Announcements announcements) {
        this.way = settings.way();
        this.settings = settings;
        this.channels = new Channels(settings);
        this.connection = connection;
        this.client = connection.client();
        this.announcements = announcements;
    }

    AeronPeer peer(final int nid, final int pid) {
        final long name = name(nid, pid);
        final AeronPeer known = byName.get(name);
        if (known != null) {
            return known;
        }
        final AeronPeer peer = new AeronPeer(nid, pid);
        peer.ipc = way == Way.IPC;
        byName.put(name, peer);
        all.add(peer);
        return peer;
    }

    void disconnect(final AeronPeer peer) {
        if (byName.get(name(peer.nid(), peer.pid())) == peer) {
            byName.remove(name(peer.nid(), peer.pid()));
            all.remove(peer);
        }
        peer.state = State.DEAD;
        drop(peer);
    }

    List<AeronPeer> peers() {
        return all;
    }

    /** The answer to a claim for a peer that has no connected publication. */
    ClaimStatus notReady(final AeronPeer peer) {
        return switch (peer.state) {
            case IDLE -> begin(peer);
            case DOWN, DEAD -> ClaimStatus.DOWN;
            default -> ClaimStatus.CONNECTING;
        };
    }

    private ClaimStatus begin(final AeronPeer peer) {
        final String failure = connection.failure();
        if (failure != null) {
            down(peer, failure);
            return ClaimStatus.DOWN;
        }
        peer.state = State.SEARCHING;
        urgent = true;
        return ClaimStatus.CONNECTING;
    }

    /** The answer to a claim that the publication refused. */
    ClaimStatus refused(final AeronPeer peer, final long result) {
        if (result == Publication.CLOSED) {
            final String failure = connection.failure();
            down(peer, failure == null ? "the publication was closed" : failure);
            return ClaimStatus.DOWN;
        }
        if (result == Publication.MAX_POSITION_EXCEEDED) {
            down(peer, "the stream has reached the greatest position that Aeron can count");
            return ClaimStatus.DOWN;
        }
        return ClaimStatus.BUSY; // no room, or not connected: look() decides how long that may last
    }

    boolean due(final long nowNs) {
        return urgent || nowNs - nextLookNs >= 0;
    }

    /** Whether something happened that should not wait for its time. */
    boolean urgent() {
        return urgent;
    }

    /** Takes every peer a step further, as far as it can go now. */
    int look(final long nowNs, final Handler handler) {
        urgent = false;
        final String failure = connection.failure();
        final boolean searching = failure == null && clearFindings();
        if (searching && way.ipc()) {
            search();
        }
        int work = 0;
        boolean connecting = false;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (i >= all.size()) {
                continue; // the handler disconnected some
            }
            final AeronPeer peer = all.get(i);
            if (failure != null && peer.state != State.IDLE && peer.state != State.DEAD) {
                down(peer, failure);
            }
            work += step(peer, nowNs, handler);
            connecting |= peer.connecting();
        }
        nextLookNs = nowNs + (connecting ? CONNECTING_INTERVAL_NS : STEADY_INTERVAL_NS);
        return work;
    }

    private boolean clearFindings() {
        boolean any = false;
        for (int i = 0; i < all.size(); i++) {
            final AeronPeer peer = all.get(i);
            if (peer.connecting()) {
                any = true;
                peer.announcedStream = 0;
                peer.announcedRegistration = 0;
            }
        }
        return any;
    }

    /** One pass over the counters for all peers that are being connected. */
    private void search() {
        for (int id = announcements.next(-1);
                id != CountersReader.NULL_COUNTER_ID;
                id = announcements.next(id)) {
            final AeronPeer peer = byName.get(name(announcements.nid(id), announcements.pid(id)));
            final int stream = announcements.stream(id);
            if (peer == null || !peer.connecting() || stream == 0) {
                continue;
            }
            final long registration = announcements.registration(id);
            if (registration > peer.announcedRegistration && alive(peer, id, registration)) {
                peer.announcedStream = stream;
                peer.announcedRegistration = registration;
            }
        }
    }

    /** Asks the operating system once per announcement, not at every look. */
    private boolean alive(final AeronPeer peer, final int id, final long registration) {
        if (peer.liveRegistration == registration) {
            return true;
        }
        if (peer.deadRegistration == registration) {
            return false;
        }
        if (announcements.provenDead(id)) {
            peer.deadRegistration = registration;
            return false;
        }
        peer.liveRegistration = registration;
        return true;
    }

    private int step(final AeronPeer peer, final long nowNs, final Handler handler) {
        return switch (peer.state) {
            case SEARCHING -> choose(peer);
            case ADDING -> await(peer);
            case CONNECTING -> connect(peer, handler);
            case UP -> watch(peer, nowNs);
            case DOWN -> tell(peer, handler);
            case IDLE, DEAD -> 0;
        };
    }

    private static int tell(final AeronPeer peer, final Handler handler) {
        peer.state = State.DEAD;
        handler.onPeerDown(peer, peer.downCause);
        return 1;
    }

    /** Chooses the way and asks the driver for a publication, unless the peer is yet to come. */
    private int choose(final AeronPeer peer) {
        final boolean announced = peer.announcedStream != 0;
        if (!announced && !way.udp()) {
            return 0;
        }
        peer.ipc = announced && way.ipc();
        peer.usedRegistration = peer.ipc ? peer.announcedRegistration : Aeron.NULL_VALUE;
        try {
            peer.registrationId =
                    peer.ipc
                            ? client.asyncAddExclusivePublication(
                                    channels.ipcPublication(), peer.announcedStream)
                            : client.asyncAddExclusivePublication(
                                    channels.udpPublication(peer.nid(), peer.pid()),
                                    settings.udpStream());
            peer.state = State.ADDING;
        } catch (final AeronException e) {
            return 0; // command buffer full, or the client is about to fail: the next look tells
        }
        return 1;
    }

    private int await(final AeronPeer peer) {
        final @Nullable ExclusivePublication added;
        try {
            if (client.isCommandActive(peer.registrationId)) {
                // Asking now would run Aeron's conductor on this thread. It maps logs, which fails
                // on an interrupted thread and costs the connection: leave it to its own thread.
                return 0;
            }
            added = client.getExclusivePublication(peer.registrationId);
        } catch (final RegistrationException e) {
            peer.registrationId = Aeron.NULL_VALUE;
            if (e.errorCode() == ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE) {
                peer.state = State.SEARCHING; // a socket to the same place is just being closed
            } else {
                down(peer, "the driver refuses the publication: " + e.getMessage());
            }
            return 1;
        } catch (final AeronException e) {
            return 0; // the client is about to fail, with a better reason
        }
        if (added == null) {
            return 0;
        }
        peer.publication = added;
        peer.state = State.CONNECTING;
        return 1;
    }

    private int connect(final AeronPeer peer, final Handler handler) {
        final ExclusivePublication publication = peer.publication;
        if (publication == null || publication.isClosed()) {
            down(peer, "the publication was closed before anyone subscribed");
            return 1;
        }
        // No frame was claimed yet, so the way can still change: the peer has come to our driver,
        // has left it, or has been replaced there.
        if (way.ipc() && peer.announcedStream != 0 != peer.ipc
                || peer.ipc && peer.announcedRegistration != peer.usedRegistration) {
            drop(peer);
            peer.state = State.SEARCHING;
            urgent = true;
            return 1;
        }
        if (!publication.isConnected()) {
            return 0;
        }
        peer.ready = publication;
        peer.state = State.UP;
        peer.unconnected = false;
        handler.onPeerUp(peer);
        return 1;
    }

    private int watch(final AeronPeer peer, final long nowNs) {
        final ExclusivePublication publication = peer.publication;
        if (publication != null && publication.isConnected()) {
            peer.unconnected = false;
            return 0;
        }
        if (!peer.unconnected) {
            peer.unconnected = true;
            peer.unconnectedSinceNs = nowNs;
        } else if (nowNs - peer.unconnectedSinceNs >= GRACE_NS) {
            down(
                    peer,
                    peer.ipc
                            ? "the peer has left the media driver"
                            : "the peer's media driver has not been heard of for seconds");
        }
        return 1;
    }

    private void down(final AeronPeer peer, final String cause) {
        if (peer.state != State.DOWN && peer.state != State.DEAD) {
            drop(peer);
            peer.downCause = cause;
            peer.state = State.DOWN;
            urgent = true;
        }
    }

    /** Gives the publication back; the driver still sends what was committed. */
    private void drop(final AeronPeer peer) {
        final ExclusivePublication publication = peer.publication;
        peer.ready = null;
        peer.publication = null;
        if (client.isClosed()) {
            return;
        }
        try {
            if (publication != null) {
                publication.close();
            } else if (peer.registrationId != Aeron.NULL_VALUE) {
                client.asyncRemovePublication(peer.registrationId);
            }
        } catch (final AeronException e) {
            connection.errors().onError(e);
        }
        peer.registrationId = Aeron.NULL_VALUE;
    }

    private static long name(final int nid, final int pid) {
        return (long) nid << 32 | (pid & 0xffffffffL);
    }
}

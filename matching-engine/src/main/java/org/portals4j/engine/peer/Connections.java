package org.portals4j.engine.peer;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * All connections of an instance: found by the id in a frame (hot) or by process name, served in
 * turns, watched by timers.
 *
 * <pre>
 *   byId    local id -&gt; connection      HELLO, CONNECTED, LEAVING
 *   byName  (nid, pid) -&gt; connection    HELLO, CONNECTED: where new operations go
 *   active  connections with something to send
 * </pre>
 *
 * <p>Guarded by the instance's lock.
 */
public final class Connections {
    /** The channel of frames to oneself. */
    public static final long SELF_CHANNEL = Long.MIN_VALUE;

    private static final int SELF_WINDOW = 64 * 1024;
    private static final int MAX_FRAMES = 16;
    private static final int MAX_REFUSED = 64;

    final Endpoint endpoint;
    final PeerSettings settings;

    private final LongSupplier clock;
    private final RandomGenerator random;
    private final Handler handler;
    private final ConnectionListener listener;
    private final Consumer<Throwable> errorHandler;
    private final Claim claim = new Claim();
    private final ControlFrames control;
    private final PeerCounters counters = new PeerCounters();
    private final Int2ObjectHashMap<Connection> byId = new Int2ObjectHashMap<>();
    private final Long2ObjectHashMap<Connection> byName = new Long2ObjectHashMap<>();
    private final List<Connection> all = new ArrayList<>();
    private final List<Connection> active = new ArrayList<>();
    private final List<Peer> refused = new ArrayList<>();
    private @Nullable SelfRing self;
    private @Nullable Connection latest;
    private @Nullable Connection claimed;
    private int readyKinds;
    private boolean closing;
    private long lastTimersNs;
    private long refusedNs;

    /**
     * Creates an empty table.
     *
     * @param endpoint the transport
     * @param settings of the protocol
     * @param clock monotonic nanoseconds
     * @param random of connection ids
     * @param handler receives frames to oneself
     * @param listener told of connections that end
     * @param errorHandler receives errors without a caller
     */
    public Connections(
            final Endpoint endpoint,
            final PeerSettings settings,
            final LongSupplier clock,
            final RandomGenerator random,
            final Handler handler,
            final ConnectionListener listener,
            final Consumer<Throwable> errorHandler) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.handler = handler;
        this.listener = listener;
        this.errorHandler = errorHandler;
        control = new ControlFrames(endpoint, settings);
        lastTimersNs = clock.getAsLong();
    }

    /**
     * What was counted.
     *
     * @return the counters
     */
    public PeerCounters counters() {
        return counters;
    }

    int creditGranted() {
        return settings.credit();
    }

    long now() {
        return clock.getAsLong();
    }

    int readyKinds() {
        return readyKinds;
    }

    /**
     * The number of connections, the one to oneself included.
     *
     * @return connections
     */
    public int size() {
        return all.size();
    }

    /**
     * The connection to a process, begun if there is none. Never blocks. Hot path.
     *
     * @param nid node id
     * @param pid process id
     * @return the connection
     */
    public Connection connect(final int nid, final int pid) {
        final Connection last = latest;
        if (last != null && last.nid() == nid && last.pid() == pid) {
            return last;
        }
        Connection connection = byName.get(name(nid, pid));
        if (connection == null) {
            connection = create(nid, pid);
        }
        latest = connection;
        return connection;
    }

    private static long name(final int nid, final int pid) {
        return (long) nid << 32 | pid;
    }

    private Connection create(final int nid, final int pid) {
        int id = random.nextInt();
        while (id == 0 || byId.containsKey(id)) {
            id = random.nextInt();
        }
        final boolean own = nid == endpoint.nid() && pid == endpoint.pid();
        final Connection connection = new Connection(this, nid, pid, id, own ? selfRing() : null);
        connection.bornNs = now();
        connection.helloNs = connection.bornNs - ControlFrames.HELLO_RETRY_NS;
        if (own) {
            connection.remoteId = id;
            connection.window = SELF_WINDOW;
            connection.channel = SELF_CHANNEL;
            connection.channelBound = true;
            connection.establish(settings.uid(), settings.credit(), SELF_WINDOW, readyKinds);
        } else {
            final Peer peer = endpoint.peer(nid, pid);
            connection.peer = peer;
            connection.window = windowFor(peer);
        }
        connection.windowGranted = connection.window;
        byId.put(id, connection);
        byName.put(name(nid, pid), connection);
        all.add(connection);
        activate(connection);
        return connection;
    }

    private SelfRing selfRing() {
        SelfRing ring = self;
        if (ring == null) {
            ring = new SelfRing(handler, endpoint.capabilities().maxFrame());
            self = ring;
        }
        return ring;
    }

    private int windowFor(final Peer peer) {
        if (settings.window() > 0) {
            return settings.window();
        }
        return peer.window() > 0 ? peer.window() : endpoint.capabilities().defaultWindow();
    }

    /**
     * The connection that a frame belongs to. Hot path.
     *
     * @param connectionId first field of the frame
     * @param channel the channel that it came by
     * @return the connection, or null: unknown (counted), or the stream of frames was broken
     */
    public @Nullable Connection receive(final int connectionId, final long channel) {
        final Connection connection = byId.get(connectionId);
        if (connection == null) {
            counters.framesOfUnknownConnections++;
            return null;
        }
        if (connection.channel != channel || !connection.channelBound) {
            if (connection.channelBound) {
                down(connection, "frames of peer " + connection + " were lost on the way");
            } else {
                // only the handshake binds a channel
                counters.framesOfUnknownConnections++;
            }
            return null;
        }
        connection.heard = true;
        return connection.byeReceived ? null : connection;
    }

    ClaimStatus claim(final Connection connection, final int length) {
        final SelfRing ring = connection.self;
        final Peer peer = connection.peer;
        final ClaimStatus status =
                ring != null
                        ? ring.tryClaim(length, claim)
                        : peer == null ? ClaimStatus.DOWN : endpoint.tryClaim(peer, length, claim);
        if (status == ClaimStatus.OK) {
            claimed = connection;
        }
        return status;
    }

    /**
     * Gives back a claim that a fault left open; to be called when the lock is about to be left.
     */
    public void abortOpenClaim() {
        final Connection connection = claimed;
        if (connection != null) {
            abort(connection);
        }
    }

    Claim currentClaim() {
        return claim;
    }

    void commit(final Connection connection) {
        claimed = null;
        final SelfRing ring = connection.self;
        if (ring != null) {
            ring.commit();
        } else {
            endpoint.commit(claim);
        }
    }

    void abort(final Connection connection) {
        claimed = null;
        final SelfRing ring = connection.self;
        if (ring != null) {
            ring.abort();
        } else {
            endpoint.abort(claim);
        }
    }

    void activate(final Connection connection) {
        if (!connection.active) {
            connection.active = true;
            active.add(connection);
        }
    }

    /**
     * Receives frames to oneself.
     *
     * @return frames received
     */
    public int pollSelf() {
        final SelfRing ring = self;
        return ring == null ? 0 : ring.poll(MAX_FRAMES);
    }

    /**
     * Serves every connection that has something to send: control, responses, requests, transfers.
     * Hot path.
     *
     * @return frames sent
     */
    public int service() {
        int work = 0;
        for (int i = active.size() - 1; i >= 0; i--) {
            final Connection connection = active.get(i);
            if (connection.state != Connection.State.DOWN) {
                work += serve(connection);
            }
            if (!hasWork(connection)) {
                connection.active = false;
                final Connection moved = active.removeLast();
                if (moved != connection) {
                    active.set(i, moved);
                }
            }
        }
        return work;
    }

    private boolean hasWork(final Connection c) {
        if (c.state == Connection.State.DOWN) {
            return false;
        }
        if (c.state == Connection.State.HELLO || c.broken || c.byeDue || control.isDue(c)) {
            return true;
        }
        if (!c.responses.isEmpty() || !c.transfers.isEmpty()) {
            return true;
        }
        for (final SendQueue queue : c.requests) {
            if (!queue.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private int serve(final Connection c) {
        if (c.broken) {
            mend(c);
            return 1;
        }
        int work = control.send(c, readyKinds, c.state == Connection.State.HELLO ? now() : 0);
        if (c.state == Connection.State.CONNECTED && !c.answerDue) {
            work += c.responses.drain(c, MAX_FRAMES);
            for (int kind = 0; kind < c.requests.length; kind++) {
                if (c.isReady(kind)) {
                    work += c.requests[kind].drain(c, MAX_FRAMES);
                }
            }
            work += c.transfers.drain(c, MAX_FRAMES);
        }
        if (c.byeDue && !c.byeSent && c.responses.isEmpty() && control.sendBye(c)) {
            work++;
            c.byeSent = true;
            c.byeDue = false;
            if (c.byeReceived) {
                remove(c);
            }
        }
        return work;
    }

    private void mend(final Connection c) {
        c.broken = false;
        final Peer peer = c.peer;
        if (c.state == Connection.State.HELLO && peer != null) {
            endpoint.disconnect(peer);
            c.peer = endpoint.peer(c.nid(), c.pid());
            c.helloNs = now();
        } else if (c.state == Connection.State.LEAVING) {
            remove(c);
        } else {
            down(c, "the transport lost the way to peer " + c + ": " + c.brokenCause);
        }
    }

    /**
     * Notes that handling a frame failed.
     *
     * @param fault what was thrown
     */
    public void fault(final Throwable fault) {
        counters.malformed();
        abortOpenClaim();
        errorHandler.accept(fault);
    }

    /**
     * Notes that the transport lost a peer.
     *
     * @param peer the peer
     * @param cause one sentence
     */
    public void onPeerDown(final Peer peer, final String cause) {
        for (final Connection connection : all) {
            if (connection.isBy(peer)) {
                connection.broken = true;
                connection.brokenCause = cause;
                activate(connection);
            }
        }
    }

    /**
     * A Hello, or the answer to one.
     *
     * @param hello its fields
     * @param channel the channel that it came by
     */
    public void onHello(final HelloFields hello, final long channel) {
        if (!hello.isValid() || hello.nid == endpoint.nid() && hello.pid == endpoint.pid()) {
            counters.malformed();
            return;
        }
        if (hello.answer) {
            onAnswer(hello, channel);
            return;
        }
        final int refusal = control.refusal(hello, closing);
        if (refusal != ControlFrames.ACCEPT) {
            refuse(hello, refusal);
            return;
        }
        Connection c = byName.get(name(hello.nid, hello.pid));
        if (c != null && c.state == Connection.State.CONNECTED && !c.isSameAs(hello, channel)) {
            down(c, "peer " + c + " has begun a new connection");
            c = null;
        }
        if (c == null) {
            c = create(hello.nid, hello.pid);
        }
        if (c.state == Connection.State.HELLO) {
            established(c, hello, channel);
        }
        c.answerDue = true;
        c.heard = true;
        activate(c);
    }

    private void onAnswer(final HelloFields hello, final long channel) {
        final Connection c = byId.get(hello.connectionId);
        if (c == null || c.nid() != hello.nid || c.pid() != hello.pid) {
            counters.framesOfUnknownConnections++;
            return;
        }
        if (c.state == Connection.State.HELLO) {
            established(c, hello, channel);
        } else if (!c.isSameAs(hello, channel)) {
            down(c, "peer " + c + " has begun a new connection");
        } else {
            c.heard = true;
        }
    }

    private void established(final Connection c, final HelloFields hello, final long channel) {
        c.remoteId = hello.senderConnectionId;
        c.remoteIncarnation = hello.incarnation;
        c.channel = channel;
        c.channelBound = true;
        c.heartbeatIntervalNs = Math.min(settings.peerTimeoutNs(), hello.timeoutNs) / 4;
        c.heardNs = now();
        c.sentNs = c.heardNs;
        c.establish(hello.uid, hello.credit, hello.window, hello.readyKinds);
        counters.connectionsMade++;
        activate(c);
    }

    private void refuse(final HelloFields hello, final int reason) {
        final Peer peer = endpoint.peer(hello.nid, hello.pid);
        if (byName.get(name(hello.nid, hello.pid)) == null && !refused.contains(peer)) {
            // names may be made up: few are remembered, and those only until the next timeout
            if (refused.size() == MAX_REFUSED) {
                forgetRefused();
            }
            if (refused.isEmpty()) {
                refusedNs = now();
            }
            refused.add(peer);
        }
        if (endpoint.tryClaim(peer, ControlFrames.REFUSE_LENGTH, claim) == ClaimStatus.OK) {
            control.encodeRefuse(claim, hello.senderConnectionId, reason);
            endpoint.commit(claim);
        }
    }

    /**
     * Our Hello was refused.
     *
     * @param connectionId our id of the connection
     * @param reason of the wire schema
     * @param minVersion lowest version that the peer speaks
     * @param maxVersion highest version that the peer speaks
     */
    public void onRefuse(
            final int connectionId, final int reason, final int minVersion, final int maxVersion) {
        final Connection c = byId.get(connectionId);
        if (c == null || c.state != Connection.State.HELLO) {
            counters.framesOfUnknownConnections++;
            return;
        }
        final String cause = ControlFrames.refusalText(c, reason, minVersion, maxVersion);
        if (reason != ControlFrames.REFUSED_CLOSING) { // people must mend the others
            errorHandler.accept(new PortalsException(ReturnCode.FAIL, cause));
        }
        down(c, cause);
    }

    /**
     * The peer has opened or closed interfaces.
     *
     * @param c the connection
     * @param kinds bit k: kind k is open
     */
    public void onReady(final Connection c, final int kinds) {
        c.readyKinds(kinds);
        activate(c);
    }

    /**
     * The peer has extended our window.
     *
     * @param c the connection
     * @param limit bytes of Data since the connection began
     */
    public void onWindow(final Connection c, final long limit) {
        c.dataLimit(limit);
        activate(c);
    }

    /**
     * The peer has declared the connection down.
     *
     * @param c the connection
     */
    public void onReset(final Connection c) {
        c.byeReceived = true; // nothing is sent back
        down(c, "peer " + c + " has reset the connection");
    }

    /**
     * The peer leaves.
     *
     * @param c the connection
     */
    public void onBye(final Connection c) {
        c.byeReceived = true;
        end(c, "peer " + c + " has closed");
        if (c.byeSent) {
            remove(c);
        } else {
            c.state = Connection.State.LEAVING;
            c.byeDue = true;
            activate(c);
        }
    }

    void violation(final Connection c, final String what) {
        counters.malformed();
        down(c, "peer " + c + " broke the protocol: " + what);
    }

    /**
     * Tells all peers which interface kinds are open.
     *
     * @param kinds bit k: kind k is open
     */
    public void readyKinds(final int kinds) {
        readyKinds = kinds;
        for (final Connection c : all) {
            if (c.self != null) {
                c.readyKinds(kinds);
            }
            c.readyDue = true;
            activate(c);
        }
    }

    /**
     * Watches silence, heartbeats and deadlines; to be called a few times per millisecond at most.
     *
     * @param now nanoseconds
     */
    public void timers(final long now) {
        if (!refused.isEmpty() && now - refusedNs > settings.peerTimeoutNs()) {
            forgetRefused();
        }
        final boolean stalled = now - lastTimersNs > settings.peerTimeoutNs() / 2;
        lastTimersNs = now;
        for (int i = all.size() - 1; i >= 0; i--) {
            final Connection c = all.get(i);
            if (c.self == null && c.state == Connection.State.CONNECTED) {
                watch(c, now, stalled);
            }
            if (c.state != Connection.State.DOWN) {
                expire(c, now);
            }
        }
    }

    private void forgetRefused() {
        for (final Peer peer : refused) {
            final Connection c = byName.get(name(peer.nid(), peer.pid()));
            if (c == null || !c.isBy(peer)) {
                endpoint.disconnect(peer);
            }
        }
        refused.clear();
    }

    private void watch(final Connection c, final long now, final boolean stalled) {
        // after a stop of our own the peer's frames may still lie in the transport
        if (c.heard || stalled) {
            c.heard = false;
            c.heardNs = now;
        } else if (now - c.heardNs > settings.peerTimeoutNs()) {
            down(c, "peer " + c + " was silent for " + (now - c.heardNs) / 1_000_000 + " ms");
            return;
        }
        if (c.sent) {
            c.sent = false;
            c.sentNs = now;
        } else if (now - c.sentNs > c.heartbeatIntervalNs) {
            c.heartbeatDue = true;
            activate(c);
        }
    }

    private void expire(final Connection c, final long now) {
        final long limit = settings.connectTimeoutNs();
        for (int kind = 0; kind < c.requests.length; kind++) {
            final SendQueue queue = c.requests[kind];
            for (Sendable head = queue.first();
                    head != null && c.isOverdue(kind, head, now, limit);
                    head = queue.first()) {
                queue.pop();
                head.dropped(c);
            }
        }
        if (c.state == Connection.State.HELLO && now - c.bornNs > limit && c.requestsEmpty()) {
            c.byeReceived = true;
            down(c, "peer " + c + " did not answer within " + limit / 1_000_000 + " ms");
        } else if (c.state == Connection.State.LEAVING
                && now - c.heardNs > settings.peerTimeoutNs()) {
            remove(c);
        }
    }

    /**
     * Ends a connection: all that waits or is under way fails.
     *
     * @param c the connection
     * @param cause one sentence
     */
    void down(final Connection c, final String cause) {
        if (c.state == Connection.State.CONNECTED && !c.byeReceived) {
            control.sendReset(c);
        }
        if (c.state == Connection.State.HELLO || c.state == Connection.State.CONNECTED) {
            counters.connectionsLost++;
            end(c, cause);
            remove(c);
        }
    }

    private void end(final Connection c, final String cause) {
        c.state = Connection.State.LEAVING;
        if (latest == c) {
            latest = null;
        }
        byName.remove(name(c.nid(), c.pid()), c);
        c.dropAll();
        listener.onDown(c, cause);
    }

    private void remove(final Connection c) {
        c.state = Connection.State.DOWN;
        byId.remove(c.localId);
        all.remove(c);
        final Peer peer = c.peer;
        final Connection successor = byName.get(name(c.nid(), c.pid()));
        if (peer != null && (successor == null || !successor.isBy(peer))) {
            endpoint.disconnect(peer);
        }
    }

    /** Begins to leave: no new connections, a Bye to every peer when its responses are out. */
    public void beginClose() {
        closing = true;
        for (int i = all.size() - 1; i >= 0; i--) {
            final Connection c = all.get(i);
            if (c.self != null || c.state == Connection.State.HELLO) {
                c.byeReceived = true;
                down(c, "this process is closing");
            } else if (c.state == Connection.State.CONNECTED) {
                c.byeDue = true;
                activate(c);
            }
        }
    }

    /**
     * Ends what is left, without a word, and accepts nothing more.
     *
     * @param cause one sentence
     */
    public void abandon(final String cause) {
        closing = true;
        for (int i = all.size() - 1; i >= 0; i--) {
            final Connection c = all.get(i);
            c.byeReceived = true;
            down(c, cause);
        }
    }
}

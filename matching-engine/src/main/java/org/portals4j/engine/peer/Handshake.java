package org.portals4j.engine.peer;

import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Endpoint;
import org.portals4j.provider.Peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How connections begin.
 *
 * <pre>
 *   A                                   B
 *   Hello {my id a}          --&gt;        knows a: CONNECTED
 *   CONNECTED                &lt;--        Hello {answer, your id a, my id b}      or Refuse {a, why}
 * </pre>
 *
 * <p>Crossing Hellos are legal: each side then learns the other's id from its Hello, and the
 * answers repeat it. A Hello that is not answered is repeated; one with another id, incarnation or
 * channel is a new life of the peer and ends the connection with the old one. Guarded by the
 * instance's lock.
 */
public final class Handshake {
    private static final int MAX_REFUSED = 64;

    private final Connections table;
    private final Endpoint endpoint;
    private final PeerSettings settings;
    private final ControlFrames control;
    private final Consumer<Throwable> errorHandler;
    private final Claim claim = new Claim();
    private final List<Peer> refused = new ArrayList<>();
    private long refusedNs;

    Handshake(
            final Connections table,
            final ControlFrames control,
            final Consumer<Throwable> errorHandler) {
        this.table = table;
        this.endpoint = table.endpoint;
        this.settings = table.settings;
        this.control = control;
        this.errorHandler = errorHandler;
    }

    /**
     * A Hello, or the answer to one.
     *
     * @param hello its fields
     * @param channel the channel that it came by
     */
    public void onHello(final HelloFields hello, final long channel) {
        if (!hello.isValid() || hello.nid == endpoint.nid() && hello.pid == endpoint.pid()) {
            table.counters().malformed();
            return;
        }
        if (hello.answer) {
            onAnswer(hello, channel);
            return;
        }
        final int refusal = control.refusal(hello, table.isClosing());
        if (refusal != ControlFrames.ACCEPT) {
            refuse(hello, refusal);
            return;
        }
        Connection c = table.find(hello.nid, hello.pid);
        if (c != null && c.state == Connection.State.CONNECTED && !c.isSameAs(hello, channel)) {
            table.down(c, "peer " + c + " has begun a new connection");
            c = null;
        }
        if (c == null) {
            c = table.create(hello.nid, hello.pid);
        }
        if (c.state == Connection.State.HELLO) {
            established(c, hello, channel);
        }
        c.answerDue = true;
        c.heard = true;
        table.activate(c);
    }

    private void onAnswer(final HelloFields hello, final long channel) {
        final Connection c = table.findById(hello.connectionId);
        if (c == null || c.nid() != hello.nid || c.pid() != hello.pid) {
            table.counters().framesOfUnknownConnections++;
            return;
        }
        if (c.state == Connection.State.HELLO) {
            established(c, hello, channel);
        } else if (!c.isSameAs(hello, channel)) {
            table.down(c, "peer " + c + " has begun a new connection");
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
        c.heardNs = table.now();
        c.sentNs = c.heardNs;
        c.establish(hello.uid, hello.credit, hello.window, hello.readyKinds);
        table.counters().connectionsMade++;
        table.activate(c);
    }

    private void refuse(final HelloFields hello, final int reason) {
        final Peer peer = endpoint.peer(hello.nid, hello.pid);
        if (table.find(hello.nid, hello.pid) == null && !refused.contains(peer)) {
            // names may be made up: few are remembered, and those only until the next timeout
            if (refused.size() == MAX_REFUSED) {
                forgetRefused();
            }
            if (refused.isEmpty()) {
                refusedNs = table.now();
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
        final Connection c = table.findById(connectionId);
        if (c == null || c.state != Connection.State.HELLO) {
            table.counters().framesOfUnknownConnections++;
            return;
        }
        final String cause = ControlFrames.refusalText(c, reason, minVersion, maxVersion);
        if (reason != ControlFrames.REFUSED_CLOSING) { // people must mend the others
            errorHandler.accept(new PortalsException(ReturnCode.FAIL, cause));
        }
        table.down(c, cause);
    }

    /** Lets go of peers that were refused some time ago. */
    void timers(final long now) {
        if (!refused.isEmpty() && now - refusedNs > settings.peerTimeoutNs()) {
            forgetRefused();
        }
    }

    private void forgetRefused() {
        for (final Peer peer : refused) {
            final Connection c = table.find(peer.nid(), peer.pid());
            if (c == null || !c.isBy(peer)) {
                endpoint.disconnect(peer);
            }
        }
        refused.clear();
    }
}

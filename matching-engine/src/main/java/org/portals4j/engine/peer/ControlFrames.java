package org.portals4j.engine.peer;

import org.portals4j.provider.Claim;
import org.portals4j.provider.Endpoint;
import org.portals4j.wire.ByeEncoder;
import org.portals4j.wire.HeartbeatEncoder;
import org.portals4j.wire.HelloEncoder;
import org.portals4j.wire.MessageHeaderEncoder;
import org.portals4j.wire.ReadyEncoder;
import org.portals4j.wire.RefuseEncoder;
import org.portals4j.wire.ResetEncoder;
import org.portals4j.wire.WindowEncoder;

/** Writes the frames of the peer protocol. Guarded by the instance's lock. */
final class ControlFrames {
    /** The protocol version that this engine speaks. */
    static final int VERSION = 1;

    static final long HELLO_RETRY_NS = 50_000_000;
    static final int ACCEPT = 0;
    static final int REFUSE_LENGTH =
            MessageHeaderEncoder.ENCODED_LENGTH + RefuseEncoder.BLOCK_LENGTH;

    private static final int REFUSED_VERSION = 1;
    private static final int REFUSED_TOKEN = 2;
    static final int REFUSED_CLOSING = 4;
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private final Endpoint endpoint;
    private final PeerSettings settings;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final RefuseEncoder refuse = new RefuseEncoder();
    private final ReadyEncoder ready = new ReadyEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final ResetEncoder reset = new ResetEncoder();
    private final ByeEncoder bye = new ByeEncoder();
    private final WindowEncoder windowFrame = new WindowEncoder();

    ControlFrames(final Endpoint endpoint, final PeerSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    boolean isDue(final Connection c) {
        return c.answerDue || c.readyDue || c.windowDue || c.heartbeatDue;
    }

    /** Sends what is due; what finds no room stays due. */
    int send(final Connection c, final int readyKinds, final long now) {
        int work = 0;
        if (c.state == Connection.State.HELLO) {
            if (now - c.helloNs >= HELLO_RETRY_NS && sendHello(c, false, readyKinds)) {
                c.helloNs = now;
                work++;
            }
            return work;
        }
        if (c.state != Connection.State.CONNECTED) {
            return 0;
        }
        if (c.self != null) {
            c.readyDue = false;
        }
        if (c.answerDue && sendHello(c, true, readyKinds)) {
            c.answerDue = false;
            work++;
        }
        if (c.answerDue) {
            return work; // the peer knows us only after the answer
        }
        if (c.readyDue && sendReady(c, readyKinds)) {
            c.readyDue = false;
            work++;
        }
        if (c.windowDue && sendWindow(c)) {
            c.windowDue = false;
            work++;
        }
        if (c.heartbeatDue && sendHeartbeat(c)) {
            c.heartbeatDue = false;
            work++;
        }
        return work;
    }

    private boolean sendHello(final Connection c, final boolean answer, final int readyKinds) {
        if (!c.claim(HEADER + HelloEncoder.BLOCK_LENGTH)) {
            return false;
        }
        hello.wrapAndApplyHeader(c.buffer(), c.offset(), header)
                .connectionId(c.remoteId)
                .senderConnectionId(c.localId)
                .answer((short) (answer ? 1 : 0))
                .minVersion((short) VERSION)
                .maxVersion((short) VERSION)
                .readyKinds((short) readyKinds)
                .nid(endpoint.nid())
                .pid(endpoint.pid())
                .uid(settings.uid())
                .credit(settings.credit())
                .window(c.window)
                .incarnation(settings.incarnation())
                .timeoutNs(settings.peerTimeoutNs())
                .token(settings.token());
        c.commit();
        return true;
    }

    private boolean sendReady(final Connection c, final int readyKinds) {
        if (!c.claim(HEADER + ReadyEncoder.BLOCK_LENGTH)) {
            return false;
        }
        ready.wrapAndApplyHeader(c.buffer(), c.offset(), header)
                .connectionId(c.remoteId)
                .readyKinds((short) readyKinds);
        c.commit();
        return true;
    }

    private boolean sendWindow(final Connection c) {
        if (!c.claim(HEADER + WindowEncoder.BLOCK_LENGTH)) {
            return false;
        }
        windowFrame
                .wrapAndApplyHeader(c.buffer(), c.offset(), header)
                .connectionId(c.remoteId)
                .reserved(0)
                .windowLimit(c.windowGranted);
        c.commit();
        return true;
    }

    private boolean sendHeartbeat(final Connection c) {
        if (!c.claim(HEADER + HeartbeatEncoder.BLOCK_LENGTH)) {
            return false;
        }
        heartbeat.wrapAndApplyHeader(c.buffer(), c.offset(), header).connectionId(c.remoteId);
        c.commit();
        return true;
    }

    boolean sendBye(final Connection c) {
        if (!c.claim(HEADER + ByeEncoder.BLOCK_LENGTH)) {
            return false;
        }
        bye.wrapAndApplyHeader(c.buffer(), c.offset(), header).connectionId(c.remoteId);
        c.commit();
        return true;
    }

    /** Best effort: the peer's own timers do the rest. */
    void sendReset(final Connection c) {
        if (c.self == null && c.claim(HEADER + ResetEncoder.BLOCK_LENGTH)) {
            reset.wrapAndApplyHeader(c.buffer(), c.offset(), header).connectionId(c.remoteId);
            c.commit();
        }
    }

    int refusal(final HelloFields fields, final boolean closing) {
        if (fields.minVersion > VERSION || fields.maxVersion < VERSION) {
            return REFUSED_VERSION;
        }
        if (fields.token != settings.token()) {
            return REFUSED_TOKEN;
        }
        return closing ? REFUSED_CLOSING : ACCEPT;
    }

    void encodeRefuse(final Claim claim, final int connectionId, final int reason) {
        refuse.wrapAndApplyHeader(claim.buffer(), claim.offset(), header)
                .connectionId(connectionId)
                .reason((short) reason)
                .minVersion((short) VERSION)
                .maxVersion((short) VERSION);
    }

    static String refusalText(
            final Connection c, final int reason, final int minVersion, final int maxVersion) {
        final String why =
                switch (reason) {
                    case REFUSED_VERSION ->
                            "it speaks protocol versions "
                                    + minVersion
                                    + " to "
                                    + maxVersion
                                    + ", this process "
                                    + VERSION;
                    case REFUSED_TOKEN -> "the authentication tokens differ";
                    case REFUSED_CLOSING -> "it is closing";
                    default -> "reason " + reason;
                };
        return "peer " + c + " refuses the connection: " + why;
    }
}

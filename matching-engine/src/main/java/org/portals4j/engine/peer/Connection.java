package org.portals4j.engine.peer;

import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.InterfaceKind;
import org.portals4j.ProcessId;
import org.portals4j.provider.Claim;
import org.portals4j.provider.ClaimStatus;
import org.portals4j.provider.Peer;

/**
 * The connection with one life of one peer process, both directions.
 *
 * <pre>
 *   HELLO --(its Hello, or its answer to ours)--&gt; CONNECTED --(Bye, Reset, silence, broken way)--&gt; DOWN
 *
 *   queues, served in this order at each turn:
 *     control    Hello, Ready, Window, Heartbeat    flags, not queued
 *     responses  Acks, Reply, Grant
 *     requests   Put, Get                           one queue per interface kind, until the peer has it open
 *     transfers  Data                               round robin, within the peer's window
 *     Bye        when responses are out
 * </pre>
 *
 * <p>A connection never comes back: after DOWN the next operation makes a new one, with new ids.
 * Guarded by the instance's lock.
 */
public final class Connection {
    private static final int KINDS = InterfaceKind.values().length;

    /** States of a connection. */
    enum State {
        HELLO,
        CONNECTED,
        LEAVING,
        DOWN
    }

    final int localId;
    final SendQueue responses = new SendQueue();
    final SendQueue[] requests = new SendQueue[KINDS];
    final SendQueue transfers = new SendQueue();
    final @Nullable SelfRing self;

    State state = State.HELLO;
    @Nullable Peer peer;
    int remoteId;
    long remoteIncarnation;
    long channel;
    boolean channelBound;
    boolean active;
    boolean broken;
    String brokenCause = "it cannot be reached";
    boolean heard;
    boolean sent;
    boolean answerDue;
    boolean readyDue;
    boolean windowDue;
    boolean heartbeatDue;
    boolean byeDue;
    boolean byeSent;
    boolean byeReceived;
    long bornNs;
    long heardNs;
    long sentNs;
    long helloNs;
    long heartbeatIntervalNs;
    long windowGranted;
    int window;

    private final Connections table;
    private final int nid;
    private final int pid;
    private int uid;

    /** When the peer last closed a kind; before that, when this connection was begun. */
    private final long[] closedNs = new long[KINDS];

    private int readyKinds;
    private int credit;
    private int unanswered;
    private int slots;
    private long dataSent;
    private long dataLimit;
    private long windowHalf;
    private long dataReceived;

    Connection(
            final Connections table,
            final int nid,
            final int pid,
            final int localId,
            final @Nullable SelfRing self) {
        this.table = table;
        this.nid = nid;
        this.pid = pid;
        this.localId = localId;
        this.self = self;
        for (int i = 0; i < KINDS; i++) {
            requests[i] = new SendQueue();
            closedNs[i] = table.now();
        }
    }

    /**
     * The peer's node id.
     *
     * @return the nid
     */
    public int nid() {
        return nid;
    }

    /**
     * The peer's process id.
     *
     * @return the pid
     */
    public int pid() {
        return pid;
    }

    /**
     * The peer's user id.
     *
     * @return the uid
     */
    public int uid() {
        return uid;
    }

    /**
     * Whether the handshake is done and the connection lives.
     *
     * @return true if frames may be sent
     */
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /**
     * Whether requests for an interface kind may be sent.
     *
     * @param kind the ordinal of the kind
     * @return true if connected and the peer has that kind open
     */
    public boolean isReady(final int kind) {
        return state == State.CONNECTED && !answerDue && (readyKinds & 1 << kind) != 0;
    }

    void readyKinds(final int kinds) {
        for (int kind = 0; kind < KINDS; kind++) {
            if ((readyKinds & ~kinds & 1 << kind) != 0) {
                closedNs[kind] = table.now();
            }
        }
        readyKinds = kinds;
    }

    /**
     * Whether a queued request has waited too long for the handshake, or for the peer to open its
     * kind. Waiting for credit or room is not counted: they come back, or end with the connection.
     *
     * @param kind ordinal of the interface kind
     * @param request a queued request
     * @param now nanoseconds
     * @param limit nanoseconds
     * @return true if it must end
     */
    boolean isOverdue(final int kind, final Sendable request, final long now, final long limit) {
        if (state != State.HELLO && (readyKinds & 1 << kind) != 0) {
            return false;
        }
        return now - request.queuedAtNs > limit && now - closedNs[kind] > limit;
    }

    void establish(
            final int remoteUid, final int remoteCredit, final int remoteWindow, final int kinds) {
        uid = remoteUid;
        credit = remoteCredit;
        dataLimit = remoteWindow;
        windowHalf = remoteWindow / 2;
        readyKinds = kinds;
        state = State.CONNECTED;
    }

    /**
     * The id that the receiver chose, first field of every frame to it.
     *
     * @return the remote id
     */
    public int remoteId() {
        return remoteId;
    }

    /**
     * Whether an operation that needs a response may be sent.
     *
     * @return true if the peer's credit is not used up
     */
    public boolean hasCredit() {
        return credit > 0;
    }

    /** Uses a unit of the peer's credit. */
    public void takeCredit() {
        credit--;
    }

    /** Gets a unit of the peer's credit back: its response is here. */
    public void returnCredit() {
        credit++;
    }

    /**
     * Counts a request of the peer that must be answered.
     *
     * @return false if the peer has used more than its credit
     */
    public boolean beginAnswer() {
        return ++unanswered <= table.creditGranted();
    }

    /** Counts a response committed or no longer owed. */
    public void endAnswer() {
        unanswered--;
    }

    /**
     * Operation slots held for this peer.
     *
     * @return slots
     */
    public int slots() {
        return slots;
    }

    /**
     * Counts operation slots.
     *
     * @param delta 1 or -1
     */
    public void slots(final int delta) {
        slots += delta;
    }

    /**
     * Bytes of Data that the peer's window permits now.
     *
     * @return bytes
     */
    public long windowLeft() {
        return dataLimit - dataSent;
    }

    /**
     * Half of the peer's window: it extends the window when less is left.
     *
     * @return bytes
     */
    public long windowHalf() {
        return windowHalf;
    }

    /**
     * Counts Data bytes sent.
     *
     * @param bytes of a frame
     */
    public void dataSent(final int bytes) {
        dataSent += bytes;
    }

    void dataLimit(final long limit) {
        if (limit - dataLimit > 0) {
            dataLimit = limit;
        }
    }

    /**
     * Counts Data bytes received and extends the peer's window when half of it is used.
     *
     * @param bytes of a frame
     * @return false if the peer has sent more than its window
     */
    public boolean dataReceived(final int bytes) {
        dataReceived += bytes;
        if (dataReceived > windowGranted) {
            return false;
        }
        if (windowGranted - dataReceived <= window / 2) {
            windowGranted = dataReceived + window;
            windowDue = true;
            table.activate(this);
        }
        return true;
    }

    /**
     * Claims a frame. Hot path.
     *
     * @param length bytes
     * @return true if {@link #buffer()} may be filled and must be committed or aborted
     */
    public boolean claim(final int length) {
        final ClaimStatus status = table.claim(this, length);
        if (status == ClaimStatus.OK) {
            return true;
        }
        if (status == ClaimStatus.DOWN) {
            broken = true;
            table.activate(this);
        }
        return false;
    }

    private Claim current() {
        return table.currentClaim();
    }

    /**
     * The buffer of the open claim.
     *
     * @return the buffer
     */
    public MutableDirectBuffer buffer() {
        return current().buffer();
    }

    /**
     * Where the claimed frame begins.
     *
     * @return an offset
     */
    public int offset() {
        return current().offset();
    }

    /** Sends the claimed frame. */
    public void commit() {
        sent = true;
        table.commit(this);
    }

    /** Gives the claimed room back. */
    public void abort() {
        table.abort(this);
    }

    /**
     * Whether responses wait, so that a new one must queue behind them.
     *
     * @return true if any
     */
    public boolean hasResponses() {
        return !responses.isEmpty();
    }

    /**
     * Queues a response.
     *
     * @param response the response
     */
    public void respond(final Sendable response) {
        responses.add(response);
        table.activate(this);
    }

    /**
     * Whether requests of a kind wait, so that a new one must queue behind them.
     *
     * @param kind ordinal of the interface kind
     * @return true if any
     */
    public boolean hasRequests(final int kind) {
        return !requests[kind].isEmpty();
    }

    /**
     * Queues a request.
     *
     * @param kind ordinal of the interface kind
     * @param request the request
     */
    public void request(final int kind, final Sendable request) {
        request.queuedAtNs = table.now();
        requests[kind].add(request);
        table.activate(this);
    }

    /**
     * Queues a large transfer.
     *
     * @param transfer the transfer
     */
    public void transfer(final Sendable transfer) {
        transfers.add(transfer);
        table.activate(this);
    }

    /**
     * Ends the connection because the peer breaks the protocol.
     *
     * @param what one sentence
     */
    public void violation(final String what) {
        table.violation(this, what);
    }

    boolean isSameAs(final HelloFields hello, final long helloChannel) {
        return remoteId == hello.senderConnectionId
                && remoteIncarnation == hello.incarnation
                && channel == helloChannel;
    }

    @SuppressWarnings("ReferenceEquality") // the identity is meant
    boolean isBy(final Peer candidate) {
        return peer == candidate;
    }

    boolean requestsEmpty() {
        for (final SendQueue queue : requests) {
            if (!queue.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    void dropAll() {
        dropAll(responses);
        for (final SendQueue queue : requests) {
            dropAll(queue);
        }
        dropAll(transfers);
    }

    private void dropAll(final SendQueue queue) {
        for (Sendable head = queue.pop(); head != null; head = queue.pop()) {
            head.dropped(this);
        }
    }

    @Override
    public String toString() {
        return ProcessId.formatNid(nid) + ":" + pid;
    }
}

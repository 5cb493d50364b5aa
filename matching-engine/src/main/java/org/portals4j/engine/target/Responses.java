package org.portals4j.engine.target;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.NiFail;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.match.Entry;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;
import org.portals4j.engine.transfer.DataFrames;
import org.portals4j.wire.AcksEncoder;
import org.portals4j.wire.GrantEncoder;
import org.portals4j.wire.MessageHeaderEncoder;
import org.portals4j.wire.ReplyEncoder;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes, queues and writes responses. Acknowledgements wait for the end of the turn, so that those
 * to one peer travel together; a reply goes out at once where nothing waits before it. Guarded by
 * the instance's lock.
 */
final class Responses {
    /**
     * Replies up to this length are captured at match time when they must queue: the ordered size.
     */
    static final int ORDERED_SIZE = 512;

    /** niFail of an acknowledgement that the initiator must not see (4.2's ACK_DISABLE). */
    static final int SILENT = 255;

    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int REPLY_OVERHEAD = HEADER + ReplyEncoder.BLOCK_LENGTH;
    private static final int ACKS_OVERHEAD =
            HEADER + AcksEncoder.BLOCK_LENGTH + AcksEncoder.ResultsEncoder.HEADER_SIZE;
    private static final int ACK_LENGTH = AcksEncoder.ResultsEncoder.sbeBlockLength();
    private static final int MAX_ACKS = 32;

    private final Target target;
    private final DataFrames data;
    private final int maxEager;
    private final int maxAcks;
    private final List<Response> pool = new ArrayList<>();
    private final List<ReplyTransfer> transfers = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final AcksEncoder acks = new AcksEncoder();
    private final ReplyEncoder reply = new ReplyEncoder();
    private final GrantEncoder grant = new GrantEncoder();

    Responses(final Target target, final int maxFrame, final DataFrames data) {
        this.target = target;
        this.data = data;
        maxEager = maxFrame - REPLY_OVERHEAD;
        maxAcks = Math.min(MAX_ACKS, (maxFrame - ACKS_OVERHEAD) / ACK_LENGTH);
    }

    /** Queues the acknowledgement of a put. */
    void acknowledge(final Arrival arrival, final boolean silent) {
        final Connection connection = arrival.connection;
        if (connection != null) {
            final Response response = take(Response.Type.ACK, arrival);
            if (arrival.niFail != NiFail.OK) {
                response.mlength = 0;
            }
            if (silent) {
                response.niFail = SILENT;
            }
            connection.respond(response);
        }
    }

    /** Queues the refusal of a request that found no entry. */
    void refuse(final Arrival arrival) {
        final Connection connection = arrival.connection;
        if (connection != null) {
            final boolean put = AtomicRequests.isAcknowledged(arrival.kind);
            connection.respond(
                    take(put ? Response.Type.ACK : Response.Type.REPLY_CAPTURED, arrival));
        }
    }

    /** Queues the grant of a large put. */
    void grant(final Arrival arrival) {
        final Connection connection = arrival.connection;
        if (connection != null) {
            final Response response = take(Response.Type.GRANT, arrival);
            response.transferId = arrival.transferId;
            connection.respond(response);
        }
    }

    /** Answers a get that has matched. */
    void reply(final TargetSide side, final Arrival arrival) {
        final Connection connection = arrival.connection;
        if (connection == null) {
            return;
        }
        if (arrival.mlength > maxEager) {
            refer(connection, arrival, Response.Type.REPLY_LARGE);
            return;
        }
        if (!connection.hasResponses()) {
            final int sent = sendReply(connection, arrival);
            if (sent != Sendable.BLOCKED) {
                return;
            }
        }
        if (arrival.mlength > ORDERED_SIZE) {
            refer(connection, arrival, Response.Type.REPLY);
            return;
        }
        final Response response = take(Response.Type.REPLY_CAPTURED, arrival);
        final MutableDirectBuffer capture = response.capture((int) arrival.mlength);
        final boolean read = read(arrival, capture.addressOffset());
        side.landed(arrival, read ? NiFail.OK : NiFail.SEGV, false);
        if (!read) {
            response.niFail = NiFail.SEGV.ordinal();
            response.mlength = 0;
        }
        connection.respond(response);
    }

    /** Answers a fetching operation with the values it found. */
    void replyFound(final Arrival arrival, final DirectBuffer found) {
        final Connection connection = arrival.connection;
        if (connection == null) {
            return;
        }
        final Response response = take(Response.Type.REPLY_CAPTURED, arrival);
        final int length = arrival.niFail == NiFail.OK ? (int) arrival.mlength : 0;
        response.mlength = length;
        response.capture(length).putBytes(0, found, 0, length);
        if (connection.hasResponses() || sendCaptured(connection, response) == Sendable.BLOCKED) {
            connection.respond(response);
        }
    }

    private void refer(
            final Connection connection, final Arrival arrival, final Response.Type type) {
        final Response response = take(type, arrival);
        arrival.retain();
        response.arrival = arrival;
        target.move(arrival);
        connection.respond(response);
    }

    private static boolean read(final Arrival arrival, final long address) {
        final Entry entry = arrival.entry;
        return entry != null && entry.memory.copyOut(arrival.placeOffset, arrival.mlength, address);
    }

    /** Writes a reply with its bytes straight from the entry; ends the arrival unless blocked. */
    int sendReply(final Connection connection, final Arrival arrival) {
        final int length = (int) arrival.mlength;
        final TargetSide side = TargetSide.of(arrival);
        if (!connection.claim(REPLY_OVERHEAD + length)) {
            return Sendable.BLOCKED;
        }
        final long address =
                connection.buffer().addressOffset() + connection.offset() + REPLY_OVERHEAD;
        if (!read(arrival, address)) {
            connection.abort();
            return failReply(side, connection, arrival);
        }
        encodeReply(
                connection,
                arrival.operationId,
                0,
                arrival.list().ordinal(),
                false,
                length,
                arrival.placeOffset);
        connection.commit();
        connection.endAnswer();
        side.landed(arrival, NiFail.OK, false);
        return 1;
    }

    private int failReply(
            final TargetSide side, final Connection connection, final Arrival arrival) {
        final Response response = take(Response.Type.REPLY_CAPTURED, arrival);
        response.niFail = NiFail.SEGV.ordinal();
        response.mlength = 0;
        side.landed(arrival, NiFail.SEGV, false);
        connection.respond(response);
        return 1;
    }

    private void encodeReply(
            final Connection connection,
            final int operationId,
            final int niFail,
            final int list,
            final boolean large,
            final long mlength,
            final long remoteOffset) {
        reply.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .operationId(operationId)
                .niFail((short) niFail)
                .list((short) list)
                .large((short) (large ? 1 : 0))
                .reserved((short) 0)
                .mlength(mlength)
                .remoteOffset(remoteOffset);
    }

    /** Writes a reply whose bytes, if any, were captured. */
    int sendCaptured(final Connection connection, final Response response) {
        final int length = (int) response.mlength;
        if (!connection.claim(REPLY_OVERHEAD + length)) {
            return Sendable.BLOCKED;
        }
        encodeReply(
                connection,
                response.operationId,
                response.niFail,
                response.list,
                false,
                length,
                response.remoteOffset);
        if (length > 0) {
            connection
                    .buffer()
                    .putBytes(
                            connection.offset() + REPLY_OVERHEAD,
                            response.capture(length),
                            0,
                            length);
        }
        connection.commit();
        connection.endAnswer();
        give(response);
        return 1;
    }

    /** Writes a reply that refers to its arrival. */
    int sendReferred(final Connection connection, final Response response) {
        final Arrival arrival = response.arrival;
        if (arrival == null) {
            throw new IllegalStateException("reply without arrival");
        }
        if (arrival.isLanded()) { // aborted meanwhile: its interface is closed
            response.niFail = arrival.niFail.ordinal();
            response.mlength = 0;
            final int sent = sendCaptured(connection, response);
            if (sent != Sendable.BLOCKED) {
                target.release(arrival);
            }
            return sent;
        }
        if (response.type == Response.Type.REPLY_LARGE) {
            return sendLarge(connection, response, arrival);
        }
        final int sent = sendReply(connection, arrival);
        if (sent != Sendable.BLOCKED) {
            target.release(arrival);
            give(response);
        }
        return sent;
    }

    private int sendLarge(
            final Connection connection, final Response response, final Arrival arrival) {
        if (!connection.claim(REPLY_OVERHEAD)) {
            return Sendable.BLOCKED;
        }
        encodeReply(
                connection,
                arrival.operationId,
                0,
                arrival.list().ordinal(),
                true,
                arrival.mlength,
                arrival.placeOffset);
        connection.commit();
        final ReplyTransfer transfer =
                transfers.isEmpty() ? new ReplyTransfer(this) : transfers.removeLast();
        connection.transfer(transfer.set(arrival));
        give(response);
        return 1;
    }

    /** Sends a piece of a large reply. */
    int sendPiece(
            final Connection connection, final ReplyTransfer transfer, final Arrival arrival) {
        final Entry entry = arrival.entry;
        if (arrival.isLanded() || entry == null) {
            return endTransfer(connection, transfer, arrival, arrival.niFail);
        }
        final int piece =
                data.send(
                        connection,
                        arrival.operationId,
                        true,
                        entry.memory,
                        arrival.placeOffset,
                        arrival.received,
                        arrival.mlength);
        if (piece == DataFrames.BLOCKED) {
            return Sendable.BLOCKED;
        }
        if (piece == DataFrames.GONE) {
            return endTransfer(connection, transfer, arrival, NiFail.SEGV);
        }
        arrival.received += piece;
        return arrival.received == arrival.mlength
                ? endTransfer(connection, transfer, arrival, NiFail.OK)
                : Sendable.ROTATE;
    }

    private int endTransfer(
            final Connection connection,
            final ReplyTransfer transfer,
            final Arrival arrival,
            final NiFail fail) {
        if (fail == NiFail.OK) {
            connection.endAnswer();
        } else { // a second reply tells that the rest will not come
            final Response response = take(Response.Type.REPLY_CAPTURED, arrival);
            response.niFail = fail.ordinal();
            response.mlength = 0;
            connection.respond(response);
        }
        end(arrival, fail);
        give(transfer);
        target.release(arrival);
        return 1;
    }

    /** Writes this acknowledgement and those right behind it. */
    int sendAcks(final Connection connection, final Response first) {
        int count = 0;
        for (Response ack = first; ack != null && count < maxAcks; ack = ack.ackBehind()) {
            count++;
        }
        if (!connection.claim(ACKS_OVERHEAD + count * ACK_LENGTH)) {
            return Sendable.BLOCKED;
        }
        final AcksEncoder.ResultsEncoder results =
                acks.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                        .connectionId(connection.remoteId())
                        .resultsCount(count);
        Response ack = first;
        for (int i = 0; i < count && ack != null; i++) {
            results.next()
                    .operationId(ack.operationId)
                    .niFail((short) ack.niFail)
                    .list((short) ack.list)
                    .reserved(0)
                    .mlength(ack.mlength)
                    .remoteOffset(ack.remoteOffset);
            connection.endAnswer();
            final Response behind = ack.ackBehind();
            give(ack);
            ack = behind;
        }
        connection.commit();
        return count;
    }

    /** Asks the initiator of a large put to push. */
    int sendGrant(final Connection connection, final Response response) {
        if (!connection.claim(HEADER + GrantEncoder.BLOCK_LENGTH)) {
            return Sendable.BLOCKED;
        }
        grant.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .operationId(response.operationId)
                .transferId(response.transferId)
                .reserved(0)
                .mlength(response.mlength);
        connection.commit();
        give(response);
        return 1;
    }

    /** The connection is down: what the response refers to ends. */
    void dropped(final Response response) {
        final Arrival arrival = response.arrival;
        give(response);
        drop(arrival);
    }

    void dropped(final ReplyTransfer transfer, final @Nullable Arrival arrival) {
        give(transfer);
        drop(arrival);
    }

    private void drop(final @Nullable Arrival arrival) {
        if (arrival != null) {
            end(arrival, NiFail.UNDELIVERABLE);
            target.release(arrival);
        }
    }

    private static void end(final Arrival arrival, final NiFail fail) {
        if (!arrival.isLanded()) { // its entry is still its own
            TargetSide.of(arrival).landed(arrival, fail, false);
        }
    }

    private Response take(final Response.Type type, final Arrival arrival) {
        final Response response = pool.isEmpty() ? new Response(this) : pool.removeLast();
        response.type = type;
        response.operationId = arrival.operationId;
        response.niFail = arrival.niFail.ordinal();
        response.list = arrival.list().ordinal();
        response.mlength = arrival.mlength;
        response.remoteOffset = arrival.placeOffset;
        return response;
    }

    private void give(final Response response) {
        response.arrival = null;
        pool.add(response);
    }

    private void give(final ReplyTransfer transfer) {
        transfer.clear();
        transfers.add(transfer);
    }
}

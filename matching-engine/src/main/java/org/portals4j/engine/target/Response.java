package org.portals4j.engine.target;

import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;
import org.portals4j.engine.match.Arrival;
import org.portals4j.engine.peer.Connection;
import org.portals4j.engine.peer.Sendable;

/** A response that waits to be sent. Pooled by {@link Responses}. */
final class Response extends Sendable {
    enum Type {
        /** Acknowledges or refuses a put. */
        ACK,
        /** A reply of bytes captured before, or of none. */
        REPLY_CAPTURED,
        /** A reply that reads the entry when it is sent. */
        REPLY,
        /** The header of a large reply. */
        REPLY_LARGE,
        /** Asks for the data of a large put. */
        GRANT
    }

    Type type = Type.ACK;
    int operationId;
    int niFail;
    int list;
    int transferId;
    long mlength;
    long remoteOffset;
    @Nullable Arrival arrival;

    private final Responses responses;
    private @Nullable MutableDirectBuffer capture;

    Response(final Responses responses) {
        this.responses = responses;
    }

    MutableDirectBuffer capture(final int length) {
        MutableDirectBuffer buffer = capture;
        if (buffer == null || buffer.capacity() < length) {
            final int size = Math.max(length, Responses.ORDERED_SIZE);
            buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(size, 8));
            capture = buffer;
        }
        return buffer;
    }

    @Nullable Response ackBehind() {
        return behind() instanceof final Response response && response.type == Type.ACK
                ? response
                : null;
    }

    @Override
    protected int send(final Connection connection) {
        return switch (type) {
            case ACK -> responses.sendAcks(connection, this);
            case REPLY_CAPTURED -> responses.sendCaptured(connection, this);
            case REPLY, REPLY_LARGE -> responses.sendReferred(connection, this);
            case GRANT -> responses.sendGrant(connection, this);
        };
    }

    @Override
    protected void dropped(final Connection connection) {
        responses.dropped(this);
    }
}

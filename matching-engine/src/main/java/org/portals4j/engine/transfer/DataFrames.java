package org.portals4j.engine.transfer;

import org.portals4j.engine.memory.MemoryView;
import org.portals4j.engine.peer.Connection;
import org.portals4j.wire.DataEncoder;
import org.portals4j.wire.MessageHeaderEncoder;

/**
 * Writes Data frames: one piece of a large transfer, copied once from the source into the
 * transport's buffer. Guarded by the instance's lock.
 */
public final class DataFrames {
    /** Answer of {@link #send}: no room or window now. */
    public static final int BLOCKED = 0;

    /** Answer of {@link #send}: the source memory is gone. */
    public static final int GONE = -1;

    private static final int OVERHEAD =
            MessageHeaderEncoder.ENCODED_LENGTH + DataEncoder.BLOCK_LENGTH;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final DataEncoder data = new DataEncoder();
    private final int maxPiece;

    /**
     * Creates a writer.
     *
     * @param maxFrame the longest frame of the transport, bytes
     */
    public DataFrames(final int maxFrame) {
        maxPiece = maxFrame - OVERHEAD;
    }

    /**
     * Sends the next piece. Hot path.
     *
     * @param connection where to
     * @param transferId the receiver's name of the transfer
     * @param reply whether it answers a get
     * @param source the memory
     * @param base where the transfer begins in the memory
     * @param sent bytes of the transfer sent before
     * @param length bytes of the whole transfer
     * @return bytes sent, {@link #BLOCKED} or {@link #GONE}
     */
    public int send(
            final Connection connection,
            final int transferId,
            final boolean reply,
            final MemoryView source,
            final long base,
            final long sent,
            final long length) {
        final int wanted = (int) Math.min(length - sent, maxPiece);
        final int piece = (int) Math.min(wanted, connection.windowLeft());
        if (piece < wanted && piece < connection.windowHalf()) {
            return BLOCKED; // the window is extended before it is used up: no slivers meanwhile
        }
        if (piece <= 0 || !connection.claim(OVERHEAD + piece)) {
            return BLOCKED;
        }
        data.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .transferId(transferId)
                .transferOffset(sent)
                .reply((short) (reply ? 1 : 0))
                .failed((short) 0)
                .reserved(0);
        final long address = connection.buffer().addressOffset() + connection.offset() + OVERHEAD;
        if (!source.copyOut(base + sent, piece, address)) {
            connection.abort();
            return GONE;
        }
        connection.commit();
        connection.dataSent(piece);
        return piece;
    }

    /**
     * Tells the receiver that the rest of a transfer will not come.
     *
     * @param connection where to
     * @param transferId the receiver's name of the transfer
     * @return false if there is no room now
     */
    public boolean sendFailure(final Connection connection, final int transferId) {
        if (!connection.claim(OVERHEAD)) {
            return false;
        }
        data.wrapAndApplyHeader(connection.buffer(), connection.offset(), header)
                .connectionId(connection.remoteId())
                .transferId(transferId)
                .transferOffset(0)
                .reply((short) 0)
                .failed((short) 1)
                .reserved(0);
        connection.commit();
        return true;
    }
}

package org.portals4j.provider;

import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Room for one outgoing frame in the transport's own memory, filled by {@link Endpoint#tryClaim}
 * and given back by {@link Endpoint#commit} or {@link Endpoint#abort}. The engine has one claim
 * open at a time per endpoint, and between claim and commit does nothing but encode and copy.
 */
public final class Claim {
    private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    private int length;

    /** Creates an empty claim. */
    public Claim() {}

    /**
     * For providers: points the claim at memory.
     *
     * @param newBuffer an off-heap buffer
     * @param newOffset where the frame begins in it, 8-byte aligned
     * @param newLength the bytes claimed
     */
    public void wrap(
            final MutableDirectBuffer newBuffer, final int newOffset, final int newLength) {
        buffer = newBuffer;
        offset = newOffset;
        length = newLength;
    }

    /**
     * The buffer that holds the room.
     *
     * @return an off-heap buffer
     */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where the frame begins.
     *
     * @return an offset in {@link #buffer()}
     */
    public int offset() {
        return offset;
    }

    /**
     * The length of the frame.
     *
     * @return the bytes claimed
     */
    public int length() {
        return length;
    }
}

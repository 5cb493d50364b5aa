package org.portals4j.provider;

/**
 * What an endpoint can do; constant over its life.
 *
 * @param maxFrame the longest frame, bytes; at least {@link #MIN_FRAME}
 * @param defaultWindow bytes of bulk data that should be on the way to one endpoint, per sender
 * @param maxTransfer the longest {@code read} or {@code write}, bytes; 0 without both
 * @param descriptorBytes the longest memory descriptor on the wire, bytes; 0 without memory access
 * @param maxRemoteSegments remote segments of one {@code read} or {@code write}
 * @param read whether {@link Endpoint#read} works
 * @param write whether {@link Endpoint#write} works
 * @param keysEnforced whether a released region can no longer be reached by peers
 * @param sameHost whether every peer is on this host
 * @param writeCompletion what {@link Handler#onDone} of a write means
 */
public record Capabilities(
        int maxFrame,
        int defaultWindow,
        long maxTransfer,
        int descriptorBytes,
        int maxRemoteSegments,
        boolean read,
        boolean write,
        boolean keysEnforced,
        boolean sameHost,
        WriteCompletion writeCompletion) {
    /** The smallest frame that the engine can work with, bytes. */
    public static final int MIN_FRAME = 256;

    /** What the completion of a write means. */
    public enum WriteCompletion {
        /** The local bytes may be reused; nothing is known of the remote side. */
        LOCAL,
        /** The remote transport has the bytes; they will be visible before any later frame. */
        TRANSMITTED,
        /** The bytes are visible to the remote process. */
        DELIVERED
    }

    /**
     * Capabilities of a transport that moves frames only.
     *
     * @param maxFrame the longest frame, bytes
     * @param defaultWindow bytes of bulk data on the way to one endpoint, per sender
     * @param sameHost whether every peer is on this host
     * @return capabilities without memory access
     */
    public static Capabilities framesOnly(
            final int maxFrame, final int defaultWindow, final boolean sameHost) {
        return new Capabilities(
                maxFrame,
                defaultWindow,
                0,
                0,
                0,
                false,
                false,
                false,
                sameHost,
                WriteCompletion.LOCAL);
    }
}

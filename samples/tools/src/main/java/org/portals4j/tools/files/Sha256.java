package org.portals4j.tools.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of memory. */
public final class Sha256 {
    private static final int STEP = 64 << 10;

    private Sha256() {}

    /**
     * Hashes a segment.
     *
     * @param segment heap, native or mapped
     * @return 32 bytes
     */
    public static byte[] of(final MemorySegment segment) {
        final MessageDigest digest = digest();
        final long size = segment.byteSize();
        final byte[] step = new byte[(int) Math.min(size, STEP)];
        for (long offset = 0; offset < size; offset += step.length) {
            final int length = (int) Math.min(step.length, size - offset);
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, offset, step, 0, length);
            digest.update(step, 0, length);
        }
        return digest.digest();
    }

    /**
     * A hash as people write it.
     *
     * @param sha256 the hash
     * @return 64 hexadecimal digits
     */
    public static String text(final byte[] sha256) {
        return HexFormat.of().formatHex(sha256);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package org.portals4j.tools.files;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The bodies of control messages, little-endian and without padding. What comes from the wire is
 * checked here: a body that is too short or a length that points outside throws {@link
 * MalformedMessageException}.
 *
 * <pre>
 *   HELLO, WELCOME    0 version i32   4 window i32
 *   STORE             0 size i64      8 name
 *   FETCH             0 name
 *   READY, RELEASE, ABORT             0 matchBits i64
 *   COMMIT            0 matchBits i64   8 sha256 32 bytes
 *   STORED, RELEASED  0 sha256 32 bytes
 *   EXPOSED           0 matchBits i64   8 size i64
 *   COUNTERS          0 files i64   8 bytes i64   16 events i64   24 drops i64
 *   ERROR             0 text
 *   STATISTICS, BYE   empty
 *
 *   name, text        0 length i32   4 UTF-8
 * </pre>
 */
final class Layout {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final byte[] EMPTY = {};

    private Layout() {}

    static byte[] empty() {
        return EMPTY;
    }

    static byte[] greeting(final int version, final int window) {
        final byte[] body = new byte[8];
        final MemorySegment segment = MemorySegment.ofArray(body);
        segment.set(INT, 0, version);
        segment.set(INT, 4, window);
        return body;
    }

    static byte[] store(final long size, final String name) {
        final byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        final byte[] body = new byte[12 + utf8.length];
        final MemorySegment segment = MemorySegment.ofArray(body);
        segment.set(LONG, 0, size);
        putText(segment, 8, utf8, utf8.length);
        return body;
    }

    static byte[] fetch(final String name) {
        return text(name, Protocol.MAX_NAME);
    }

    static byte[] error(final String text) {
        return text(text, Protocol.MAX_TEXT);
    }

    static byte[] words(final long... values) {
        final byte[] body = new byte[8 * values.length];
        final MemorySegment segment = MemorySegment.ofArray(body);
        for (int i = 0; i < values.length; i++) {
            segment.set(LONG, 8L * i, values[i]);
        }
        return body;
    }

    static byte[] commit(final long matchBits, final byte[] sha256) {
        final byte[] body = new byte[8 + Protocol.SHA_BYTES];
        final MemorySegment segment = MemorySegment.ofArray(body);
        segment.set(LONG, 0, matchBits);
        MemorySegment.copy(sha256, 0, segment, ValueLayout.JAVA_BYTE, 8, Protocol.SHA_BYTES);
        return body;
    }

    static int intAt(final MemorySegment body, final long offset) {
        need(body, offset + 4);
        return body.get(INT, offset);
    }

    static long longAt(final MemorySegment body, final long offset) {
        need(body, offset + 8);
        return body.get(LONG, offset);
    }

    static byte[] shaAt(final MemorySegment body, final long offset) {
        need(body, offset + Protocol.SHA_BYTES);
        return body.asSlice(offset, Protocol.SHA_BYTES).toArray(ValueLayout.JAVA_BYTE);
    }

    static String textAt(final MemorySegment body, final long offset) {
        final int length = intAt(body, offset);
        if (length < 0 || length > Protocol.MAX_NAME) {
            throw new MalformedMessageException("text length=" + length);
        }
        need(body, offset + 4 + length);
        final byte[] utf8 = body.asSlice(offset + 4, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (final CharacterCodingException e) {
            throw new MalformedMessageException("text is not UTF-8", e);
        }
    }

    /** Cuts at a character, so that the text stays UTF-8. */
    private static byte[] text(final String text, final int limit) {
        final byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, limit);
        while (length < utf8.length && length > 0 && (utf8[length] & 0xc0) == 0x80) {
            length--;
        }
        final byte[] body = new byte[4 + length];
        putText(MemorySegment.ofArray(body), 0, utf8, length);
        return body;
    }

    private static void putText(
            final MemorySegment segment, final long offset, final byte[] utf8, final int length) {
        segment.set(INT, offset, length);
        MemorySegment.copy(utf8, 0, segment, ValueLayout.JAVA_BYTE, offset + 4, length);
    }

    private static void need(final MemorySegment body, final long length) {
        if (body.byteSize() < length) {
            throw new MalformedMessageException(
                    "body of " + body.byteSize() + " bytes, expected at least " + length);
        }
    }
}

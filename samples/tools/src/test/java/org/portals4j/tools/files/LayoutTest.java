package org.portals4j.tools.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

class LayoutTest {
    private static final String ODD = "ä/語/😀";

    @Test
    void shouldReadWhatItWrote() {
        final MemorySegment store = MemorySegment.ofArray(Layout.store(1L << 40, ODD));
        assertEquals(1L << 40, Layout.longAt(store, 0));
        assertEquals(ODD, Layout.textAt(store, 8));

        final byte[] sha = Sha256.of(MemorySegment.ofArray(new byte[] {1}));
        final MemorySegment commit = MemorySegment.ofArray(Layout.commit(7, sha));
        assertEquals(7, Layout.longAt(commit, 0));
        assertArrayEquals(sha, Layout.shaAt(commit, 8));
    }

    @Test
    void shouldCutTextsBetweenCharacters() {
        final String text =
                Layout.textAt(MemorySegment.ofArray(Layout.error("😀".repeat(1000))), 0);
        assertEquals(Protocol.MAX_TEXT / 4 * 4, text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void shouldRefuseMalformedBodies() {
        final byte[] cut = Arrays.copyOf(Layout.fetch("abcdef"), 7);
        assertThrows(
                MalformedMessageException.class,
                () -> Layout.textAt(MemorySegment.ofArray(cut), 0));
        final byte[] negative = {-1, -1, -1, -1};
        assertThrows(
                MalformedMessageException.class,
                () -> Layout.textAt(MemorySegment.ofArray(negative), 0));
        final byte[] notUtf8 = {2, 0, 0, 0, (byte) 0xc0, (byte) 0x80};
        assertThrows(
                MalformedMessageException.class,
                () -> Layout.textAt(MemorySegment.ofArray(notUtf8), 0));
        assertThrows(
                MalformedMessageException.class,
                () -> Layout.longAt(MemorySegment.ofArray(new byte[7]), 0));
    }

    @Test
    void shouldKeepTypeAndNumberInHeaderData() {
        for (final MessageType type : MessageType.values()) {
            final long headerData = type.headerData((1L << 56) - 1);
            assertEquals(type, MessageType.of(headerData));
            assertEquals((1L << 56) - 1, MessageType.id(headerData));
        }
        assertNull(MessageType.of(-1));
    }
}

package org.portals4j.loopback;

import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Capabilities;

import java.util.List;
import java.util.Map;

/**
 * The properties of an endpoint.
 *
 * @param frameLength the longest frame, bytes
 * @param ringLength bytes of the ring to one peer
 * @param window bytes of bulk data on the way to this endpoint, per sender
 */
record Settings(int frameLength, int ringLength, int window) {
    static final String FRAME_LENGTH = "loopback.frame.length";
    static final String RING_LENGTH = "loopback.ring.length";
    static final String WINDOW = "loopback.window";

    static final int FRAME_LENGTH_DEFAULT = 8160;
    static final int RING_LENGTH_DEFAULT = 256 * 1024;
    static final int WINDOW_DEFAULT = 64 * 1024;

    /** A ring takes messages of up to this fraction of its length (Agrona's rule). */
    static final int FRAMES_PER_RING = 8;

    private static final int RING_LENGTH_MIN = 2048;
    private static final int RING_LENGTH_MAX = 1 << 30;
    private static final List<String> KNOWN = List.of(FRAME_LENGTH, RING_LENGTH, WINDOW);

    static Settings parse(final Map<String, String> properties) {
        for (final String name : properties.keySet()) {
            if (!KNOWN.contains(name)) {
                throw invalid("unknown property " + name + ", known are " + KNOWN);
            }
        }
        final int ring =
                number(
                        properties,
                        RING_LENGTH,
                        RING_LENGTH_DEFAULT,
                        RING_LENGTH_MIN,
                        RING_LENGTH_MAX);
        if (Integer.bitCount(ring) != 1) {
            throw invalid(RING_LENGTH + "=" + ring + ", expected a power of two");
        }
        final int longest = ring / FRAMES_PER_RING;
        final int frame =
                number(
                        properties,
                        FRAME_LENGTH,
                        Math.min(FRAME_LENGTH_DEFAULT, longest),
                        Capabilities.MIN_FRAME,
                        longest);
        final int window = number(properties, WINDOW, WINDOW_DEFAULT, 1, Integer.MAX_VALUE);
        return new Settings(frame, ring, window);
    }

    Capabilities capabilities() {
        return Capabilities.framesOnly(frameLength, window, true);
    }

    String describe() {
        return "frame " + frameLength + " B, ring " + ringLength + " B, window " + window + " B";
    }

    private static int number(
            final Map<String, String> properties,
            final String name,
            final int byDefault,
            final int min,
            final int max) {
        final String text = properties.get(name);
        if (text == null) {
            return byDefault;
        }
        try {
            final int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (final NumberFormatException e) {
            throw new PortalsException(ReturnCode.ARG_INVALID, outOfRange(name, text, min, max), e);
        }
        throw invalid(outOfRange(name, text, min, max));
    }

    private static String outOfRange(
            final String name, final String text, final int min, final int max) {
        return name + "=" + text + ", expected a number of bytes from " + min + " to " + max;
    }

    private static PortalsException invalid(final String message) {
        return new PortalsException(ReturnCode.ARG_INVALID, message);
    }
}

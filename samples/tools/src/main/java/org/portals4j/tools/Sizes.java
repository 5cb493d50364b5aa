package org.portals4j.tools;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import java.util.Locale;

/** Byte counts on the command line and in reports. */
final class Sizes implements ITypeConverter<Long> {
    private static final String UNITS = "kmgt";
    private static final int BINARY = 1024;
    private static final double MEGA = 1e6;

    @Override
    public Long convert(final String value) {
        final String text = value.toLowerCase(Locale.ROOT);
        final int unit = text.isEmpty() ? -1 : UNITS.indexOf(text.charAt(text.length() - 1));
        final String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        try {
            long size = Long.parseLong(digits);
            for (int i = 0; i <= unit; i++) {
                size = Math.multiplyExact(size, BINARY);
            }
            if (size >= 0) {
                return size;
            }
        } catch (final NumberFormatException | ArithmeticException e) {
            throw new TypeConversionException(wanted(value));
        }
        throw new TypeConversionException(wanted(value));
    }

    /** Bytes as people read them: "1,221 bytes", "303.1 MB". */
    static String text(final long bytes) {
        return bytes < MEGA / 10
                ? String.format(Locale.ROOT, "%,d bytes", bytes)
                : String.format(Locale.ROOT, "%,.1f MB", bytes / MEGA);
    }

    /** A rate, as in "812 MB/s". */
    static String rate(final long bytes, final long nanos) {
        return nanos <= 0
                ? "-"
                : String.format(Locale.ROOT, "%,.0f MB/s", bytes / MEGA / (nanos / 1e9));
    }

    private static String wanted(final String value) {
        return "'" + value + "' is not a size such as 100m or 2g";
    }
}

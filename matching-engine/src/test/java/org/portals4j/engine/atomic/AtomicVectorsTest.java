package org.portals4j.engine.atomic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.engine.memory.MemoryView;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Every operation on every datatype computes what gcc's code computes on x86-64, bit for bit: live
 * where there is a gcc, and against vectors that gcc has computed, which are checked in. {@code
 * -Dportals.vectors=FILE} writes new ones; {@code -Dportals.seed} and {@code -Dportals.cases}
 * repeat and lengthen the live run.
 */
final class AtomicVectorsTest {
    private static final int CASE = OperandDraw.CASE;
    private static final int RESULT = 32;
    private static final int VECTORS = 8_000;
    private static final AtomicOperation[] OPERATIONS = AtomicOperation.values();
    private static final Datatype[] DATATYPES = Datatype.values();

    private final AtomicUnit unit = new AtomicUnit(64);
    private final MemoryView view = new MemoryView();

    @Test
    void shouldComputeWhatTheCCompilerDoes(@TempDir final Path directory) throws Exception {
        assumeTrue(CReference.isThere(), "no gcc on x86-64: the checked-in vectors must do");
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("AtomicVectorsTest seed " + seed);
        final byte[] cases =
                new OperandDraw(seed).cases(Integer.getInteger("portals.cases", 400_000));
        compare(cases, CReference.run(directory, cases), "seed " + seed);
    }

    @Test
    void shouldComputeTheVectors(@TempDir final Path directory) throws Exception {
        final String file = System.getProperty("portals.vectors");
        if (file != null) {
            write(Path.of(file), directory);
        }
        try (InputStream in = AtomicVectorsTest.class.getResourceAsStream("vectors.gz");
                GZIPInputStream unzipped = new GZIPInputStream(Objects.requireNonNull(in))) {
            final byte[] all = unzipped.readAllBytes();
            assertEquals(VECTORS * (CASE + RESULT), all.length);
            final int split = VECTORS * CASE;
            compare(
                    Arrays.copyOf(all, split),
                    Arrays.copyOfRange(all, split, all.length),
                    "vectors.gz");
        }
    }

    private static void write(final Path file, final Path directory)
            throws IOException, InterruptedException {
        final byte[] cases = new OperandDraw(43).cases(VECTORS);
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(cases);
            out.write(CReference.run(directory, cases));
        }
    }

    private void compare(final byte[] cases, final byte[] results, final String source) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment target = arena.allocate(64);
            final MemorySegment payload = arena.allocate(64);
            final MemorySegment all = MemorySegment.ofArray(cases);
            assertEquals(cases.length / CASE * RESULT, results.length);
            int differences = 0;
            final StringBuilder text = new StringBuilder();
            for (int i = 0; i < cases.length / CASE; i++) {
                final byte[] actual = apply(all.asSlice((long) i * CASE, CASE), target, payload);
                final byte[] expected = Arrays.copyOfRange(results, i * RESULT, (i + 1) * RESULT);
                if (!isSame(DATATYPES[cases[i * CASE + 1]], expected, actual)
                        && ++differences <= 20) {
                    text.append('\n').append(describe(cases, i, expected, actual));
                }
            }
            if (differences > 0) {
                fail(source + ": " + differences + " differences" + text);
            }
        }
    }

    /** At a place of odd alignment in an IOVEC that cuts the element. */
    private byte[] apply(
            final MemorySegment all, final MemorySegment target, final MemorySegment payload) {
        final AtomicOperation operation = OPERATIONS[all.get(ValueLayout.JAVA_BYTE, 0)];
        final Datatype type = DATATYPES[all.get(ValueLayout.JAVA_BYTE, 1)];
        final int size = type.size();
        MemorySegment.copy(all, 2, target, 3, size);
        view.set(List.of(target.asSlice(0, 4), target.asSlice(4)));
        final int operand = operation.hasOperand() ? size : 0;
        MemorySegment.copy(all, 66, payload, 0, operand);
        MemorySegment.copy(all, 34, payload, operand, size);
        assertTrue(unit.apply(operation, type, view, 3, size, payload.address()));
        final byte[] found = new byte[size];
        unit.found().getBytes(0, found);
        assertEquals(-1, MemorySegment.ofArray(found).mismatch(all.asSlice(2, size)));
        return target.asSlice(3, size).toArray(ValueLayout.JAVA_BYTE);
    }

    private static boolean isSame(final Datatype type, final byte[] expected, final byte[] actual) {
        if (type == Datatype.LONG_DOUBLE || type == Datatype.LONG_DOUBLE_COMPLEX) {
            for (int at = 0; at < type.size(); at += 16) { // 6 bytes of padding behind each 10
                if (!Arrays.equals(expected, at, at + 10, actual, at, at + 10)) {
                    return false;
                }
            }
            return true;
        }
        return Arrays.equals(expected, 0, type.size(), actual, 0, type.size());
    }

    private static String describe(
            final byte[] cases, final int index, final byte[] expected, final byte[] actual) {
        final HexFormat hex = HexFormat.of();
        final int at = index * CASE;
        final Datatype type = DATATYPES[cases[at + 1]];
        final int size = type.size();
        return OPERATIONS[cases[at]]
                + " "
                + type
                + " t="
                + hex.formatHex(cases, at + 2, at + 2 + size)
                + " d="
                + hex.formatHex(cases, at + 34, at + 34 + size)
                + " o="
                + hex.formatHex(cases, at + 66, at + 66 + size)
                + " gcc="
                + hex.formatHex(expected, 0, size)
                + " here="
                + hex.formatHex(actual);
    }
}

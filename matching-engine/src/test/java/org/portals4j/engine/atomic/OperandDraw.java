package org.portals4j.engine.atomic;

import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/** Draws elements of all types so that special values and close exponents are common. */
final class OperandDraw {
    /** Bytes of a case: operation, datatype, then target, data and operand of 32 bytes each. */
    static final int CASE = 98;

    private static final long[] FRACTIONS = {
        0, 1, 2, 3, -1, -2, -3, 1L << 62, 1L << 32, 0xffffffffL
    };
    private static final AtomicOperation[] OPERATIONS = AtomicOperation.values();
    private static final Datatype[] DATATYPES = Datatype.values();

    private final Random random;

    OperandDraw(final long seed) {
        random = new Random(seed);
    }

    /** Cases of operations that are defined for their datatype. */
    byte[] cases(final int count) {
        final ByteBuffer cases = ByteBuffer.allocate(count * CASE).order(ByteOrder.nativeOrder());
        for (int i = 0; i < count; i++) {
            AtomicOperation operation;
            Datatype datatype;
            do {
                operation = OPERATIONS[random.nextInt(OPERATIONS.length)];
                datatype = DATATYPES[random.nextInt(DATATYPES.length)];
            } while (!operation.isDefinedFor(datatype));
            cases.put(i * CASE, (byte) operation.ordinal());
            cases.put(i * CASE + 1, (byte) datatype.ordinal());
            draw(datatype, cases, i * CASE + 2);
        }
        return cases.array();
    }

    private void draw(final Datatype type, final ByteBuffer into, final int at) {
        final int exponent = random.nextInt(0x8000);
        for (int place = at; place < at + 96; place += 32) {
            final int parts = type.isComplex() ? 2 : 1;
            for (int i = 0; i < parts; i++) {
                final int to = place + i * type.size() / parts;
                switch (type) {
                    case FLOAT, FLOAT_COMPLEX -> into.putInt(to, drawFloat(exponent));
                    case DOUBLE, DOUBLE_COMPLEX -> into.putLong(to, drawDouble(exponent));
                    case LONG_DOUBLE, LONG_DOUBLE_COMPLEX -> drawExtended(into, to, exponent);
                    default -> into.putLong(to, drawInteger());
                }
            }
        }
        if (random.nextInt(4) == 0) { // the operand of a swap equals the target
            into.put(at + 64, into, at, 32);
        }
    }

    private long drawInteger() {
        return random.nextBoolean() ? random.nextLong() : random.nextInt(5) - 2;
    }

    private long fraction() {
        return switch (random.nextInt(4)) {
            case 0 -> FRACTIONS[random.nextInt(FRACTIONS.length)];
            case 1 -> sparse();
            case 2 -> -1L << random.nextInt(64);
            default -> random.nextLong();
        };
    }

    private long sparse() {
        final long some = random.nextLong();
        final long others = random.nextLong();
        return some & others;
    }

    /** Near another; about the middle, where products neither vanish nor overflow; or special. */
    private int exponent(final int near, final int most) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> most;
            case 2 -> 1;
            case 3 -> Math.clamp(most / 4 + random.nextInt(130) - 65, 0, most);
            case 4 -> Math.clamp(most / 2 + random.nextInt(130) - 65, 0, most);
            case 5 -> random.nextInt(most + 1);
            default -> Math.clamp(near % (most + 1) + random.nextInt(8) - 4, 0, most);
        };
    }

    private int drawFloat(final int near) {
        return random.nextInt(2) << 31
                | exponent(near, 0xff) << 23
                | (int) (random.nextBoolean() ? fraction() >>> 41 : fraction() & 0x7fffff);
    }

    private long drawDouble(final int near) {
        return random.nextLong(2) << 63
                | (long) exponent(near, 0x7ff) << 52
                | (random.nextBoolean() ? fraction() >>> 12 : fraction() & 0xfffffffffffffL);
    }

    private void drawExtended(final ByteBuffer into, final int at, final int near) {
        final int exponent = exponent(near, 0x7fff);
        long significand = fraction();
        if (exponent != 0 && random.nextInt(16) != 0) {
            significand |= Long.MIN_VALUE; // the others are encodings of no number
        }
        if (exponent == 0x7fff && random.nextBoolean()) {
            significand = Long.MIN_VALUE;
        }
        into.putLong(at, significand);
        into.putShort(at + 8, (short) (random.nextInt(2) << 15 | exponent));
    }
}

package org.portals4j.engine.match;

import org.portals4j.EntryOption;
import org.portals4j.MatchEntry;
import org.portals4j.ProcessId;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.Supplier;

/**
 * What random programs are made of.
 *
 * @param name for messages
 * @param tags distinct match bits
 * @param masks distinct ignore bits, 1 is exact
 * @param wildcards of 100 sources
 * @param lengths of 100 entries with NO_TRUNCATE or MANAGE_LOCAL
 * @param depth entries on the list at most
 * @param hash what the tables hash with
 */
record MatchProfile(
        String name, int tags, int masks, int wildcards, int lengths, int depth, HashKind hash) {

    enum HashKind {
        FAIR,
        COLLIDING
    }

    private static final MemorySegment MEMORY = MemorySegment.ofArray(new byte[64]);

    static MatchProfile[] all() {
        return new MatchProfile[] {
            new MatchProfile("exact", 200, 1, 0, 0, 400, HashKind.FAIR),
            new MatchProfile("short", 6, 3, 40, 20, 18, HashKind.FAIR),
            new MatchProfile("wildcards", 12, 4, 60, 10, 120, HashKind.FAIR),
            new MatchProfile("lengths", 4, 2, 30, 70, 60, HashKind.FAIR),
            new MatchProfile("masks", 64, 30, 30, 10, 300, HashKind.FAIR),
            new MatchProfile("many masks", 4096, 400, 20, 5, 600, HashKind.FAIR),
            new MatchProfile("collisions", 100, 6, 30, 10, 150, HashKind.COLLIDING),
            new MatchProfile("reseeds", 1 << 20, 1, 0, 0, 700, HashKind.COLLIDING),
            new MatchProfile("growth", 1 << 20, 2, 10, 0, 3000, HashKind.FAIR),
        };
    }

    Supplier<KeyHash> hashes(final Random random) {
        return hash == HashKind.FAIR
                ? () -> new KeyHash(random)
                : () ->
                        new KeyHash(random) {
                            @Override
                            int of(final long bits, final long source) {
                                return super.of(bits, source) & 3;
                            }
                        };
    }

    private long mask(final Random random) {
        final int n = random.nextInt(masks);
        return n == 0 ? 0 : n == 1 ? -1 : n < 14 ? (1L << (n - 1)) - 1 : n * 0x9e37L & 0xfff;
    }

    private long bits(final Random random) {
        return random.nextInt(tags);
    }

    private boolean wild(final Random random) {
        return random.nextInt(100) < wildcards;
    }

    EntryCase entry(final Random random, final EntryPool pool) {
        final boolean special = random.nextInt(100) < lengths;
        final EntryOption[] options =
                !special
                        ? new EntryOption[] {EntryOption.OP_PUT}
                        : random.nextInt(3) == 0
                                ? new EntryOption[] {
                                    EntryOption.NO_TRUNCATE, EntryOption.MANAGE_LOCAL
                                }
                                : new EntryOption[] {EntryOption.NO_TRUNCATE};
        final MatchEntry definition =
                new MatchEntry(MEMORY.asSlice(0, random.nextInt(20)), options)
                        .matchBits(bits(random))
                        .ignoreBits(mask(random))
                        .source(
                                wild(random) ? ProcessId.NID_ANY : 1 + random.nextInt(2),
                                wild(random) ? ProcessId.PID_ANY : 1 + random.nextInt(2));
        return EntryCase.of(definition, pool);
    }

    HeaderCase header(final Random random) {
        return new HeaderCase(
                bits(random),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                random.nextInt(20),
                random.nextInt(10));
    }
}

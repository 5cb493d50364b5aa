package org.portals4j.loopback.sim;

import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.OptionSet;

import java.util.random.RandomGenerator;

/** Draws match entries of all kinds. */
final class EntryDraw {
    private EntryDraw() {}

    static TargetEntry.Definition draw(
            final RandomGenerator random, final SimulatedWorld world, final int portal) {
        final boolean isForPuts = random.nextInt(3) > 0;
        final ListKind list = random.nextInt(3) > 0 ? ListKind.PRIORITY : ListKind.OVERFLOW;
        OptionSet<EntryOption> options =
                OptionSet.of(isForPuts ? EntryOption.OP_PUT : EntryOption.OP_GET);
        long minFree = 0;
        if (random.nextBoolean()) {
            options = options.with(EntryOption.USE_ONCE);
        }
        if (random.nextBoolean()) {
            options = options.with(EntryOption.MANAGE_LOCAL);
            minFree = random.nextBoolean() ? 1 + random.nextInt(64) : 0;
        }
        options = sometimes(random, options, EntryOption.NO_TRUNCATE);
        options = sometimes(random, options, EntryOption.EVENT_LINK_DISABLE);
        options = sometimes(random, options, EntryOption.EVENT_UNLINK_DISABLE);
        options = sometimes(random, options, EntryOption.ACK_DISABLE);
        if (list == ListKind.OVERFLOW) {
            options = sometimes(random, options, EntryOption.UNEXPECTED_HDR_DISABLE);
        }
        options = quiet(random, world, options);
        final long ignore =
                switch (random.nextInt(6)) {
                    case 0 -> 3;
                    case 1 -> random.nextInt(8) == 0 ? -1L : 1;
                    default -> 0;
                };
        return new TargetEntry.Definition(
                world.nextId(),
                portal,
                list,
                options,
                random.nextInt(8) == 0 ? random.nextInt(world.size()) : TargetEntry.ANY,
                random.nextInt(16) == 0 ? random.nextInt(world.size()) : TargetEntry.ANY,
                random.nextLong(3) + (isForPuts ? 0 : 16),
                ignore | Operation.ignored(),
                minFree,
                random.nextInt(5) == 0);
    }

    /** What is counted, and, where entries may be silent, what is not told. */
    private static OptionSet<EntryOption> quiet(
            final RandomGenerator random,
            final SimulatedWorld world,
            final OptionSet<EntryOption> drawn) {
        OptionSet<EntryOption> options = drawn;
        if (world.hasSilentEntries()) { // then the counters tell the sum
            options = options.with(EntryOption.EVENT_CT_COMM);
            options = sometimes(random, options, EntryOption.EVENT_COMM_DISABLE);
            options = sometimes(random, options, EntryOption.EVENT_SUCCESS_DISABLE);
            return sometimes(random, options, EntryOption.EVENT_OVER_DISABLE);
        }
        if (random.nextInt(3) > 0) {
            options = options.with(EntryOption.EVENT_CT_COMM);
        }
        if (random.nextInt(3) > 0) {
            options = options.with(EntryOption.EVENT_CT_OVERFLOW);
        }
        if (random.nextInt(3) == 0) {
            options = options.with(EntryOption.EVENT_CT_BYTES);
        }
        return options;
    }

    private static OptionSet<EntryOption> sometimes(
            final RandomGenerator random,
            final OptionSet<EntryOption> options,
            final EntryOption option) {
        return random.nextInt(6) == 0 ? options.with(option) : options;
    }
}

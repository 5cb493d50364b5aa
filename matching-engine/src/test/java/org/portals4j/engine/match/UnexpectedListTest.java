package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random programs on the indexed unexpected list and on a linear model: no difference. */
final class UnexpectedListTest {
    private static final int OPERATIONS = Boolean.getBoolean("portals.soak") ? 3_000_000 : 50_000;

    private record Waiting(HeaderCase header, Arrival arrival) {}

    static MatchProfile[] profiles() {
        return MatchProfile.all();
    }

    private final EntryPool pool = new EntryPool(1);
    private final List<Waiting> model = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldAgreeWithTheModel(final MatchProfile profile) {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("UnexpectedListTest " + profile.name() + " seed " + seed);
        final Random random = new Random(seed);
        final UnexpectedList list = new UnexpectedList(profile.hashes(random));
        int wish = profile.depth() / 2;
        for (int step = 0; step < OPERATIONS; step++) {
            if (random.nextInt(4 * profile.depth()) == 0) {
                wish = random.nextInt(4) * profile.depth() / 3;
            }
            final int what = random.nextInt(10);
            if (what < 4) {
                append(profile, random, list, what < 2);
            } else if (model.size() < wish) {
                final HeaderCase header = profile.header(random);
                final Arrival arrival = header.arrival();
                list.add(arrival);
                model.add(new Waiting(header, arrival));
            } else if (!model.isEmpty()) {
                list.remove(model.remove(random.nextInt(model.size())).arrival());
            }
            if (model.isEmpty() && wish == 0) {
                wish = profile.depth();
            }
            assertSame(model.isEmpty() ? null : model.getFirst().arrival(), list.first());
            if (model.size() < 20 || step % 64 == 0) {
                list.check();
            }
        }
        assertTrue(
                profile.depth() < 20 || profile.masks() > 6 || list.counters().learnt() > 0,
                "learnt");
    }

    private void append(
            final MatchProfile profile,
            final Random random,
            final UnexpectedList list,
            final boolean use) {
        final EntryCase entry = profile.entry(random, pool);
        entry.entry().consume(random.nextInt(5));
        final Waiting expected = first(entry);
        assertSame(
                expected == null ? null : expected.arrival(),
                list.firstMatch(entry.entry()),
                () -> "at size " + model.size());
        if (use && expected != null) {
            list.remove(expected.arrival());
            model.remove(expected);
        }
        pool.give(entry.entry());
        assertEquals(0, pool.inUse());
    }

    private @Nullable Waiting first(final EntryCase entry) {
        for (final Waiting waiting : model) {
            if (entry.matches(waiting.header())) {
                return waiting;
            }
        }
        return null;
    }
}

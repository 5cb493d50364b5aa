package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Random;

/** Random programs on the indexed match list and on the linear model: no difference. */
final class IndexedMatchListTest {
    private static final int OPERATIONS = Boolean.getBoolean("portals.soak") ? 3_000_000 : 80_000;

    static MatchProfile[] profiles() {
        return MatchProfile.all();
    }

    private final EntryPool pool = new EntryPool(10_000);
    private final LinearMatchList model = new LinearMatchList();

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldAgreeWithTheModel(final MatchProfile profile) {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("IndexedMatchListTest " + profile.name() + " seed " + seed);
        final Random random = new Random(seed);
        final IndexedMatchList list = new IndexedMatchList(profile.hashes(random));
        int wish = profile.depth() / 2;
        int deepest = 0;
        for (int step = 0; step < OPERATIONS; step++) {
            if (random.nextInt(4 * profile.depth()) == 0) { // the depth wanders, to 0 and to full
                wish = random.nextInt(4) * profile.depth() / 3;
            }
            final int what = random.nextInt(10);
            if (what < 5) {
                deliver(profile, random, list, what < 2);
            } else if (model.size() < wish) {
                final EntryCase entry = profile.entry(random, pool);
                list.append(entry.entry());
                model.append(entry);
            } else if (model.size() > 0) {
                final EntryCase entry = model.remove(random.nextInt(model.size()));
                list.remove(entry.entry());
                pool.give(entry.entry());
            }
            if (model.size() == 0 && wish == 0) {
                wish = profile.depth();
            }
            deepest = Math.max(deepest, model.size());
            assertEquals(model.size(), list.size());
            if (model.size() < 20 || step % 64 == 0) {
                list.check();
            }
        }
        if (profile.name().equals("reseeds")) {
            assertEquals(KeyHash.RESEEDS + 1, list.counters().reseeds(), "then SipHash, no more");
        }
        assertTrue(deepest > IndexedMatchList.SHORT, "indexed");
        drain(list);
    }

    private void deliver(
            final MatchProfile profile,
            final Random random,
            final IndexedMatchList list,
            final boolean use) {
        final HeaderCase header =
                random.nextBoolean() || model.size() == 0
                        ? profile.header(random)
                        : aimed(random, profile);
        final EntryCase expected = model.match(header);
        final Entry found =
                list.match(
                        header.bits(),
                        header.nid(),
                        header.pid(),
                        header.rlength(),
                        header.offset());
        assertSame(expected == null ? null : expected.entry(), found, header::toString);
        if (expected == null || found == null) {
            return;
        }
        final long offset = found.offsetFor(header.offset());
        if (use || found.consume(found.lengthFor(header.rlength(), offset))) {
            list.remove(found);
            model.remove(expected);
            pool.give(found);
        }
    }

    private HeaderCase aimed(final Random random, final MatchProfile profile) {
        final HeaderCase any = profile.header(random);
        final long bits = model.get(random.nextInt(model.size())).definition().matchBits();
        return new HeaderCase(bits, any.nid(), any.pid(), any.rlength(), any.offset());
    }

    private void drain(final IndexedMatchList list) {
        int left = list.size();
        for (Entry entry = list.any(); entry != null; entry = list.any()) {
            list.remove(entry);
            left--;
        }
        assertEquals(0, left);
        list.check();
    }

    @Test
    void shouldUseEveryStructure() {
        final Random random = new Random(1);
        final MatchProfile profile =
                new MatchProfile("", 64, 40, 50, 0, 0, MatchProfile.HashKind.FAIR);
        final IndexedMatchList list = new IndexedMatchList(random);
        for (int i = 0; i < 2000; i++) {
            list.append(profile.entry(random, pool).entry());
        }
        list.check();
        assertTrue(list.counters().classes() > 10, () -> list.counters().toString());
        assertTrue(list.counters().misc() > 1, () -> list.counters().toString());
        assertTrue(list.counters().merged() > 100, () -> list.counters().toString());
    }
}

package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;
import org.portals4j.MatchEntry;
import org.portals4j.ProcessId;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * All sequences of 5 operations over 2 tags, 2 masks and 2 sources, on a list that is indexed
 * before they begin: 17 entries that match nothing of this, in front, or 3 classes with tables.
 */
final class SmallScopeTest {
    private static final int LENGTH = Boolean.getBoolean("portals.soak") ? 6 : 5;
    private static final int APPENDS = 8;
    private static final int HEADERS = 4;
    private static final int REMOVES = 2;
    private static final int KINDS = APPENDS + HEADERS + REMOVES;
    private static final long FAR = 1L << 40;

    private final EntryPool pool = new EntryPool(100);

    private EntryCase entry(final long bits, final long ignore, final int nid) {
        return EntryCase.of(
                new MatchEntry().matchBits(bits).ignoreBits(ignore).source(nid, ProcessId.PID_ANY),
                pool);
    }

    @Test
    void shouldAgreeForAllSequencesOnTheEntries() {
        for (final boolean tables : new boolean[] {false, true}) {
            int total = 1;
            for (int i = 0; i < LENGTH; i++) {
                total *= KINDS;
            }
            for (int program = 0; program < total; program++) {
                run(program, tables);
            }
        }
    }

    private void run(final int program, final boolean tables) {
        final IndexedMatchList list = new IndexedMatchList(new Random(program));
        final LinearMatchList model = new LinearMatchList();
        final List<EntryCase> front = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            final long ignore = tables ? i % 2 : 2L << i;
            final EntryCase e = entry(FAR, ignore, tables && i % 4 < 2 ? ProcessId.NID_ANY : 1);
            list.append(e.entry());
            model.append(e);
            front.add(e);
        }
        int rest = program;
        for (int i = 0; i < LENGTH; i++, rest /= KINDS) {
            step(rest % KINDS, list, model, front.size());
        }
        list.check();
        while (model.size() > 0) {
            final EntryCase e = model.remove(0);
            list.remove(e.entry());
            pool.give(e.entry());
        }
    }

    private void step(
            final int what,
            final IndexedMatchList list,
            final LinearMatchList model,
            final int front) {
        if (what < APPENDS) {
            final EntryCase e =
                    entry(what & 1, what >> 1 & 1, (what & 4) == 0 ? ProcessId.NID_ANY : 1);
            list.append(e.entry());
            model.append(e);
        } else if (what < APPENDS + HEADERS) {
            final HeaderCase h = new HeaderCase(what & 1, 1 + (what >> 1 & 1), 1, 0, 0);
            final EntryCase expected = model.match(h);
            final Entry found = list.match(h.bits(), h.nid(), h.pid(), 0, 0);
            assertSame(expected == null ? null : expected.entry(), found);
            if (expected != null) {
                model.remove(expected);
                list.remove(expected.entry());
                pool.give(expected.entry());
            }
        } else if (model.size() > front) {
            final int at = what == APPENDS + HEADERS ? front : model.size() - 1;
            final EntryCase e = model.remove(at);
            list.remove(e.entry());
            pool.give(e.entry());
        }
    }
}

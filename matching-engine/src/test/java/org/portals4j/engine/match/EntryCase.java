package org.portals4j.engine.match;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.ProcessId;

/** An entry of a test: its definition, and the engine's entry. */
record EntryCase(MatchEntry definition, Entry entry) {
    static EntryCase of(final MatchEntry definition, final EntryPool pool) {
        final Entry entry = pool.take();
        assertNotNull(entry);
        entry.define(definition, null, ListKind.PRIORITY, 0, pool);
        entry.memory.set(definition.memory());
        return new EntryCase(definition, entry);
    }

    /** The words of the specification, section 3.12.1; nothing of the engine but its offset. */
    boolean matches(final HeaderCase header) {
        final MatchEntry e = definition;
        final boolean sameBits =
                (header.bits() & ~e.ignoreBits()) == (e.matchBits() & ~e.ignoreBits());
        final boolean sameNid = e.sourceNid() == ProcessId.NID_ANY || e.sourceNid() == header.nid();
        final boolean samePid = e.sourcePid() == ProcessId.PID_ANY || e.sourcePid() == header.pid();
        final long offset =
                e.options().contains(EntryOption.MANAGE_LOCAL)
                        ? entry.offsetFor(0)
                        : header.offset();
        final boolean truncated = offset + header.rlength() > e.memory().byteSize();
        return sameBits
                && sameNid
                && samePid
                && !(e.options().contains(EntryOption.NO_TRUNCATE) && truncated);
    }
}

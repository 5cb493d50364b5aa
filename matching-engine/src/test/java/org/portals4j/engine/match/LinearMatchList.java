package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The model: entries in list order, each tried in the words of the specification. */
final class LinearMatchList {
    private final List<EntryCase> entries = new ArrayList<>();

    void append(final EntryCase entry) {
        entries.add(entry);
    }

    EntryCase remove(final int at) {
        return entries.remove(at);
    }

    void remove(final EntryCase entry) {
        entries.remove(entry);
    }

    EntryCase get(final int at) {
        return entries.get(at);
    }

    int size() {
        return entries.size();
    }

    @Nullable EntryCase match(final HeaderCase header) {
        for (final EntryCase entry : entries) {
            if (entry.matches(header)) {
                return entry;
            }
        }
        return null;
    }
}

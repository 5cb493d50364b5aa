package org.portals4j.engine.match;

/**
 * A class of appended entries, (care mask, source mask), and what its searches of the unexpected
 * list have cost; with the table once it is learnt.
 */
final class HeaderIndex {
    final KeyTable table;
    long care;
    long sourceMask;

    /** Headers walked on behalf of the class, before it is learnt. */
    long cost;

    /** When it was last asked for. */
    long used;

    HeaderIndex(final KeyTable table) {
        this.table = table;
    }

    boolean isOf(final Entry entry) {
        return care == entry.care() && sourceMask == entry.sourceMask();
    }
}

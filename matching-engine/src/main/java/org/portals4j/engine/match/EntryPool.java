package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * The entries of an interface and their handles. Grows to the most that were in use at once; then
 * allocates nothing.
 *
 * <pre>
 *   handle = generation (32) | index (32)      a recycled entry has another generation
 * </pre>
 */
public final class EntryPool {
    private final List<Entry> all = new ArrayList<>();
    private final List<Entry> free = new ArrayList<>();
    private final int limit;

    /**
     * Creates a pool.
     *
     * @param limit the most entries in use
     */
    public EntryPool(final int limit) {
        this.limit = limit;
    }

    /**
     * Takes an entry.
     *
     * @return an undefined entry, or null: the limit is reached
     */
    public @Nullable Entry take() {
        final Entry entry;
        if (!free.isEmpty()) {
            entry = free.removeLast();
        } else if (all.size() < limit) {
            entry = new Entry(all.size());
            all.add(entry);
        } else {
            return null;
        }
        entry.take();
        return entry;
    }

    /**
     * Gives an entry back and makes its handle stale.
     *
     * @param entry an entry that nothing refers to
     */
    public void give(final Entry entry) {
        entry.forget();
        free.add(entry);
    }

    /**
     * The entry of a handle.
     *
     * @param handle any number
     * @return the entry, or null if the handle is stale or was never given
     */
    public @Nullable Entry find(final long handle) {
        final int index = (int) handle;
        if (index < 0 || index >= all.size()) {
            return null;
        }
        final Entry entry = all.get(index);
        return entry.isTaken() && entry.handle() == handle ? entry : null;
    }

    /**
     * The entries in use.
     *
     * @return entries taken and not given back
     */
    public int inUse() {
        return all.size() - free.size();
    }
}

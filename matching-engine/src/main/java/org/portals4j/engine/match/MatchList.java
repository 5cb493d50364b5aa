package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;

/**
 * A priority or overflow list: the first entry in list order that matches wins. Guarded by the
 * instance's lock.
 */
public interface MatchList {
    /**
     * Appends an entry at the tail and marks it linked.
     *
     * @param entry an entry that is on no list
     */
    void append(Entry entry);

    /**
     * Removes an entry and marks it unlinked.
     *
     * @param entry an entry of this list
     */
    void remove(Entry entry);

    /**
     * The first entry that matches a request. Hot path.
     *
     * @param bits match bits
     * @param nid initiator's node id
     * @param pid initiator's process id
     * @param rlength requested length
     * @param remoteOffset requested offset
     * @return the entry or null
     */
    @Nullable Entry match(long bits, int nid, int pid, long rlength, long remoteOffset);

    /**
     * Some entry, for emptying the list.
     *
     * @return an entry or null: the list is empty
     */
    @Nullable Entry any();

    /**
     * The length of the list.
     *
     * @return entries
     */
    int size();
}

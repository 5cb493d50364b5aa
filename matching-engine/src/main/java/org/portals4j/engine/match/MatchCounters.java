package org.portals4j.engine.match;

/**
 * What matching costs, counted: of one list, or the sum over lists. Guarded by the instance's lock.
 */
public final class MatchCounters {
    long matches;
    long probes;
    long steps;
    long classes;
    long misc;
    long merged;
    long learnt;
    long reseeds;

    /** Creates counters at 0. */
    public MatchCounters() {}

    /**
     * Adds others to these.
     *
     * @param other counters
     */
    public void add(final MatchCounters other) {
        matches += other.matches;
        probes += other.probes;
        steps += other.steps;
        classes += other.classes;
        misc += other.misc;
        merged += other.merged;
        learnt += other.learnt;
        reseeds += other.reseeds;
    }

    /**
     * Searches of match lists and unexpected lists.
     *
     * @return searches so far
     */
    public long matches() {
        return matches;
    }

    /**
     * Hash slots looked at by searches.
     *
     * @return slots so far
     */
    public long probes() {
        return probes;
    }

    /**
     * Entries and headers looked at by searches, in tables and in walks.
     *
     * @return entries and headers so far
     */
    public long steps() {
        return steps;
    }

    /**
     * Classes that have a table and entries: what a search pays for.
     *
     * @return classes now
     */
    public long classes() {
        return classes;
    }

    /**
     * Entries of rare masks, which searches walk.
     *
     * @return entries now
     */
    public long misc() {
        return misc;
    }

    /**
     * Entries of the merged class.
     *
     * @return entries now
     */
    public long merged() {
        return merged;
    }

    /**
     * Indexes built on unexpected lists.
     *
     * @return indexes so far
     */
    public long learnt() {
        return learnt;
    }

    /**
     * New hash secrets drawn because a probe was too long.
     *
     * @return draws so far
     */
    public long reseeds() {
        return reseeds;
    }

    @Override
    public String toString() {
        return "searches "
                + matches
                + ", hash probes "
                + probes
                + ", entries looked at "
                + steps
                + ", classes "
                + classes
                + ", rare "
                + misc
                + ", merged "
                + merged
                + ", indexes learnt "
                + learnt
                + ", reseeds "
                + reseeds;
    }
}

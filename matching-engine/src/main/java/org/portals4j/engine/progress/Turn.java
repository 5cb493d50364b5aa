package org.portals4j.engine.progress;

/** A bounded piece of progress, run under the instance's lock. */
public interface Turn {
    /**
     * Runs one turn.
     *
     * @return a measure of the work done, 0 for none
     */
    int run();
}

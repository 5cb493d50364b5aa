package org.portals4j;

/** Who drives progress of an instance while its application computes. */
public enum ProgressMode {
    /** One background thread of the library, as Portals promises (the default). */
    THREAD,
    /**
     * The application: it calls {@link Portals#progress()} at least every 500 ms, or its peers may
     * declare it dead. Waiting and sending calls make progress too.
     */
    INVOKER
}

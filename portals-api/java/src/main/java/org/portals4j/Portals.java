package org.portals4j;

import java.util.Iterator;
import java.util.ServiceLoader;

/**
 * One instance of Portals in this process: PtlInit, PtlFini (section 3.5) and the process id that
 * they stand for. An instance is a worker: one process id, one transport endpoint, one lock. A
 * program that wants more cores opens more instances; they share nothing.
 *
 * <pre>{@code
 * try (Portals portals = Portals.open(new Portals.Context().transport("aeron"));
 *         NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) { ... }
 * }</pre>
 */
public interface Portals extends AutoCloseable {
    /**
     * Opens an instance with the defaults: the in-process loopback transport.
     *
     * @return the instance
     * @throws PortalsException as {@link #open(Context)}
     */
    static Portals open() {
        return open(new Context());
    }

    /**
     * Opens an instance (PtlInit).
     *
     * @param context how; concluded by this call, so it serves one instance only
     * @return the instance, to be closed
     * @throws PortalsException ARG_INVALID (unknown transport or bad setting: the message lists
     *     what there is), PID_IN_USE, FAIL (the transport cannot run here: the message says why)
     */
    static Portals open(final Context context) {
        context.conclude();
        final Iterator<PortalsFactory> factories =
                ServiceLoader.load(PortalsFactory.class).iterator();
        if (!factories.hasNext()) {
            throw new PortalsException(
                    ReturnCode.FAIL,
                    "no engine found: put portals-matching-engine on the class path");
        }
        return factories.next().open(context);
    }

    /**
     * Opens a network interface, or opens it once more: interfaces are counted per kind
     * (PtlNIInit).
     *
     * @param kind the flavour
     * @param desired the wish for limits; ignored if the interface is open already
     * @return the interface, the same object for the same kind until its last close
     * @throws PortalsException NO_INIT if this instance is closed
     */
    NetworkInterface networkInterface(InterfaceKind kind, Limits desired);

    /**
     * Opens a network interface with default limits.
     *
     * @param kind the flavour
     * @return the interface
     * @throws PortalsException NO_INIT if this instance is closed
     */
    default NetworkInterface networkInterface(final InterfaceKind kind) {
        return networkInterface(kind, Limits.DEFAULTS);
    }

    /**
     * The physical name of this process: where others reach it.
     *
     * @return nid and pid
     */
    ProcessId id();

    /**
     * The transport in use.
     *
     * @return its name, as in {@link Context#transport(String)}
     */
    String transport();

    /**
     * Runs one turn of progress if no other thread is making it. With {@link ProgressMode#INVOKER}
     * the program calls this at least every 500 ms. Hot path: allocates nothing.
     *
     * @return a measure of the work done, 0 for none
     */
    int progress();

    /**
     * Makes the effects of atomic operations that have completed at this process, as their events
     * or counters told, visible to accesses of the memory by other means, and the reverse
     * (PtlAtomicSync): call it between the two.
     *
     * @throws PortalsException NO_INIT if this instance is closed
     */
    void atomicSync();

    /**
     * Memory and limits of this instance in words: what it reserves per instance, per peer and per
     * unit of credit, and its state counters.
     *
     * @return lines of text for people
     */
    String describe();

    /**
     * Closes the instance (the last PtlFini): sends what is queued, tells the peers good-bye and
     * waits up to {@link Context#closeTimeoutNs(long)} for theirs, ends outstanding operations,
     * wakes waiters with INTERRUPTED, frees everything. Idempotent; does not throw IN_USE.
     */
    @Override
    void close();

    /** How to open an instance; a fluent holder that {@link Portals#open(Context)} concludes. */
    final class Context extends PortalsContext<Context> {
        /** Creates a context of defaults. */
        public Context() {}

        @Override
        Context self() {
            return this;
        }
    }
}

package org.portals4j.loopback;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Endpoint;

/**
 * The endpoints of a fabric by (nid, pid). Thread safe; looked at when the {@link #generation()}
 * has changed, never per frame.
 *
 * @param <E> the kind of endpoint
 */
final class Names<E extends Endpoint> {
    /** The node id where none is asked for: 127.0.0.1. */
    static final int NID_DEFAULT = 0x7f000001;

    private final Long2ObjectHashMap<E> endpoints = new Long2ObjectHashMap<>();
    private volatile long generation;

    /** Makes an endpoint of a name. */
    @FunctionalInterface
    interface Maker<E> {
        E make(int nid, int pid);
    }

    static long key(final int nid, final int pid) {
        return ((long) nid << 32) | (pid & 0xffff_ffffL);
    }

    /** Counts the openings and closings. */
    long generation() {
        return generation;
    }

    @Nullable E find(final int nid, final int pid) {
        synchronized (endpoints) {
            return endpoints.get(key(nid, pid));
        }
    }

    E open(final int nidAsked, final int pidAsked, final Maker<E> maker) {
        final int nid = nidAsked == 0 ? NID_DEFAULT : nidAsked;
        synchronized (endpoints) {
            final int pid = choose(nid, pidAsked);
            final E endpoint = maker.make(nid, pid);
            endpoints.put(key(nid, pid), endpoint);
            changed();
            return endpoint;
        }
    }

    void close(final E endpoint) {
        synchronized (endpoints) {
            final long key = key(endpoint.nid(), endpoint.pid());
            if (endpoint.equals(endpoints.get(key))) {
                endpoints.remove(key);
            }
            changed();
        }
    }

    /** A statement of its own: generation is volatile, and only changes under the lock. */
    private void changed() {
        final long next = generation + 1;
        generation = next;
    }

    private int choose(final int nid, final int pid) {
        if (pid == ProcessId.PID_ANY) {
            for (int free = ProcessId.PID_MIN; free <= ProcessId.PID_MAX; free++) {
                if (!endpoints.containsKey(key(nid, free))) {
                    return free;
                }
            }
            throw new PortalsException(
                    ReturnCode.PID_IN_USE, "nid=" + ProcessId.formatNid(nid) + ": no pid is free");
        }
        if (pid < ProcessId.PID_MIN || pid > ProcessId.PID_MAX) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, "pid=" + pid + ", expected 1 to 65534, or PID_ANY");
        }
        if (endpoints.containsKey(key(nid, pid))) {
            throw new PortalsException(
                    ReturnCode.PID_IN_USE, "process=" + new ProcessId(nid, pid) + " is open");
        }
        return pid;
    }
}

package org.portals4j.conformance;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.Limits;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.ProgressMode;
import org.portals4j.ReturnCode;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the tests of one subject act on: an initiator and a target. Instances serve all tests of a
 * class; interfaces, and all that belongs to them, are opened anew for each test. After a failure
 * the instances too.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ConformanceFixture {
    /** Who talks to whom. */
    enum Topology {
        /** Two instances. */
        PAIR,
        /** Two instances with an eager limit, a window, slots and credit that are tiny. */
        TINY,
        /** One instance talks to itself. */
        SELF,
        /** One instance talks to itself, and only its callers make progress. */
        INVOKER
    }

    static final long DEADLINE_NS = 10_000_000_000L;
    static final int QUEUE_SIZE = 1024;
    private static final int HISTORY = 200;

    /** Closes the instances after a failed test, so that it does not spoil the next. */
    @RegisterExtension
    final AfterTestExecutionCallback afterFailure =
            test -> broken = test.getExecutionException().isPresent();

    final Topology topology;
    private final TransportConformance transport;
    private final Deque<String> history = new ArrayDeque<>();
    private boolean broken;

    Portals initiatorPortals;
    Portals targetPortals;
    NetworkInterface initiator;
    NetworkInterface target;
    EventQueue initiatorQueue;
    EventQueue targetQueue;
    CountingEvent counter;
    PortalTableEntry portal;
    Arena arena;
    PortalTableEntry markerPortal;
    MemoryDescriptor markerMd;

    ConformanceFixture(final TransportConformance transport, final Topology topology) {
        this.transport = transport;
        this.topology = topology;
    }

    // ---- life ----

    @BeforeEach
    @Timeout(30)
    final void openAll() {
        synchronized (history) {
            history.clear();
        }
        arena = sharedArena();
        if (targetPortals == null) {
            targetPortals = Portals.open(newContext());
            initiatorPortals = self() ? targetPortals : Portals.open(newContext());
        }
        openInterfaces(limits());
        openObjects();
    }

    @AfterEach
    @Timeout(30)
    final void closeAll() {
        closeInterfaces();
        if (broken) {
            closeInstances();
        }
        arena.close();
    }

    @AfterAll
    @Timeout(30)
    final void closeInstances() {
        if (initiatorPortals != null && !self()) {
            initiatorPortals.close();
        }
        if (targetPortals != null) {
            targetPortals.close();
        }
        initiatorPortals = null;
        targetPortals = null;
        broken = false;
    }

    /** The limits that the tests of a class wish for. */
    Limits limits() {
        return Limits.DEFAULTS;
    }

    /** How long to wait for anything that must happen. */
    long deadlineNs() {
        return DEADLINE_NS;
    }

    /** A new context for one more instance of the same topology. */
    final Portals.Context newContext() {
        final Portals.Context context =
                topology == Topology.TINY ? transport.tinyContext() : transport.context();
        return topology == Topology.INVOKER ? context.progressMode(ProgressMode.INVOKER) : context;
    }

    /** An arena that the test closes where try-with-resources would be in the way. */
    @SuppressWarnings("MustBeClosedChecker")
    static Arena sharedArena() {
        return Arena.ofShared();
    }

    final boolean self() {
        return topology == Topology.SELF || topology == Topology.INVOKER;
    }

    /** Closes the interfaces and opens them with other limits and nothing allocated. */
    final void reopenInterfaces(final Limits limits) {
        closeInterfaces();
        openInterfaces(limits);
    }

    /** Allocates the queues, the counter and the portal that most tests use. */
    final void openObjects() {
        initiatorQueue = initiator.allocateEventQueue(QUEUE_SIZE);
        targetQueue = target.allocateEventQueue(QUEUE_SIZE);
        counter = initiator.allocateCountingEvent();
        portal = target.allocatePortal(OptionSet.none(), targetQueue, NetworkInterface.PT_ANY);
    }

    private void openInterfaces(final Limits limits) {
        target = targetPortals.networkInterface(InterfaceKind.MATCHING_PHYSICAL, limits);
        initiator =
                self()
                        ? target
                        : initiatorPortals.networkInterface(
                                InterfaceKind.MATCHING_PHYSICAL, limits);
    }

    private void closeInterfaces() {
        markerPortal = null;
        markerMd = null;
        if (initiator != null && !self()) {
            initiator.close();
        }
        if (target != null) {
            target.close();
        }
        initiator = null;
        target = null;
    }

    // ---- what was seen ----

    final void note(final EventQueue queue, final Event event) {
        final String side = queue.equals(targetQueue) ? "target: " : "initiator: ";
        synchronized (history) {
            if (history.size() == HISTORY) {
                history.removeFirst();
            }
            history.addLast(side + event);
        }
    }

    /** Everything seen, and what is still there. */
    final String history() {
        final StringBuilder text = new StringBuilder(topology + ", events seen:");
        synchronized (history) {
            history.forEach(line -> text.append("\n  ").append(line));
        }
        final Event event = new Event();
        for (final EventQueue queue : new EventQueue[] {initiatorQueue, targetQueue}) {
            try {
                for (int i = 0; i < 10 && queue.get(event) == ReturnCode.OK; i++) {
                    text.append("\n  left in the ")
                            .append(queue.equals(targetQueue) ? "target's" : "initiator's")
                            .append(" queue: ")
                            .append(event);
                }
            } catch (final PortalsException e) {
                text.append("\n  queue: ").append(e);
            }
        }
        text.append("\ninitiator: ").append(initiatorPortals.describe());
        text.append("\ntarget: ").append(targetPortals.describe());
        return text.toString();
    }
}

package org.portals4j.engine;

import org.jspecify.annotations.Nullable;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventQueue;
import org.portals4j.ReturnCode;
import org.portals4j.engine.event.EngineCountingEvent;
import org.portals4j.engine.event.EngineEventQueue;
import org.portals4j.engine.progress.Progress;

/** PtlEQPoll and PtlCTPoll: waiting for one of several, in turns (sections 3.14.8 and 3.14.15). */
final class Polling {
    private final EngineInterface owner;
    private final Progress progress;

    // where the next poll begins to look: only fairness hangs on it, so threads may race
    private int rotation;

    Polling(final EngineInterface owner, final Progress progress) {
        this.owner = owner;
        this.progress = progress;
    }

    ReturnCode poll(final EventQueue[] queues, final long timeoutNs, final Event event) {
        if (queues.length == 0) {
            throw EngineInterface.invalid("no event queues to poll");
        }
        for (final EventQueue queue : queues) {
            owner.own(queue);
        }
        final long deadline = progress.deadline(timeoutNs);
        int idle = 0;
        progress.beginWait();
        try {
            while (true) {
                final ReturnCode code = look(queues, event);
                if (code != null) {
                    return code;
                }
                if (idle < 0) {
                    return idle == Progress.TIMED_OUT
                            ? ReturnCode.EQ_EMPTY
                            : ReturnCode.INTERRUPTED;
                }
                progress.checkAlive();
                idle = progress.pause(idle, deadline);
            }
        } finally {
            progress.endWait(idle);
        }
    }

    private @Nullable ReturnCode look(final EventQueue[] queues, final Event event) {
        final int first = rotation;
        boolean closed = false;
        for (int i = 0; i < queues.length; i++) {
            final int at = Integer.remainderUnsigned(first + i, queues.length);
            if (queues[at] instanceof final EngineEventQueue queue) {
                final ReturnCode code = queue.take(event);
                if (code != null) {
                    rotation = at + 1;
                    event.queueIndex(at);
                    return code;
                }
                closed |= queue.isClosed();
            }
        }
        return closed ? ReturnCode.INTERRUPTED : null;
    }

    ReturnCode poll(
            final CountingEvent[] counters,
            final long[] tests,
            final long timeoutNs,
            final CountingEvent.Value value) {
        if (counters.length == 0 || tests.length < counters.length) {
            throw EngineInterface.invalid(
                    counters.length + " counting events to poll with " + tests.length + " tests");
        }
        for (final CountingEvent counter : counters) {
            owner.own(counter);
        }
        final long deadline = progress.deadline(timeoutNs);
        int idle = 0;
        progress.beginWait();
        try {
            while (true) {
                final ReturnCode code = look(counters, tests, value);
                if (code != null) {
                    return code;
                }
                if (idle < 0) {
                    return idle == Progress.TIMED_OUT
                            ? ReturnCode.CT_NONE_REACHED
                            : ReturnCode.INTERRUPTED;
                }
                progress.checkAlive();
                idle = progress.pause(idle, deadline);
            }
        } finally {
            progress.endWait(idle);
        }
    }

    private @Nullable ReturnCode look(
            final CountingEvent[] counters, final long[] tests, final CountingEvent.Value value) {
        final int first = rotation;
        boolean closed = false;
        for (int i = 0; i < counters.length; i++) {
            final int at = Integer.remainderUnsigned(first + i, counters.length);
            if (counters[at] instanceof final EngineCountingEvent counter) {
                if (counter.reached(tests[at])) {
                    rotation = at + 1;
                    value.set(counter.success(), counter.failure(), at);
                    return ReturnCode.OK;
                }
                closed |= counter.isClosed();
            }
        }
        return closed ? ReturnCode.INTERRUPTED : null;
    }
}

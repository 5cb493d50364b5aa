package org.portals4j.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.Waiter;
import org.portals4j.engine.progress.Progress;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

final class EngineEventQueueTest {
    private final Progress progress =
            new Progress(() -> 0, Waiter.DEFAULT, System::nanoTime, false);
    private final Event event = new Event();

    private EngineEventQueue queue(final int count) {
        return new EngineEventQueue(progress, this, count, () -> {});
    }

    private static void post(final EngineEventQueue queue, final long number) {
        queue.claim()
                .kind(EventKind.PUT)
                .userData(number)
                .headerData(~number)
                .matchBits(number * 31);
        queue.publish();
    }

    @Test
    void shouldHoldAtLeastTheCountAskedFor() {
        for (int count = 1; count < 70; count++) {
            final EngineEventQueue queue = queue(count);
            assertTrue(queue.capacity() >= count, "count " + count);
            for (int i = 0; i < count; i++) {
                post(queue, i);
            }
            for (int i = 0; i < count; i++) {
                assertEquals(ReturnCode.OK, queue.get(event));
                assertEquals(i, event.userData());
            }
            assertEquals(ReturnCode.EQ_EMPTY, queue.get(event));
        }
    }

    @Test
    void shouldLoseTheOldestAndSaySoOnce() {
        final EngineEventQueue queue = queue(4);
        for (int i = 0; i < 6; i++) {
            post(queue, i);
        }
        assertEquals(ReturnCode.EQ_DROPPED, queue.get(event));
        assertEquals(2, event.userData());
        assertEquals(ReturnCode.OK, queue.get(event));
        assertEquals(3, event.userData());
    }

    @Test
    void shouldTimeOutEmpty() {
        assertEquals(ReturnCode.EQ_EMPTY, queue(4).await(event, 1_000_000));
    }

    @Test
    void shouldRefuseAfterClose() {
        final EngineEventQueue queue = queue(4);
        post(queue, 1);
        queue.close();
        queue.close();
        assertEquals(ReturnCode.OK, queue.take(event));
        assertNull(queue.take(event));
        try {
            queue.get(event);
        } catch (final PortalsException e) {
            assertEquals(ReturnCode.ARG_INVALID, e.code());
            return;
        }
        throw new AssertionError("a freed queue answered");
    }

    /**
     * Many consumers, a producer that laps them: whole events only, each once, in order for each.
     */
    @Test
    void shouldGiveWholeEventsOnceEachUnderOverflow() throws InterruptedException {
        final int events = 300_000;
        final EngineEventQueue queue = queue(8);
        final BitSet seen = new BitSet(events + 1);
        final List<Throwable> failures = new ArrayList<>();
        final List<Thread> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Thread consumer = new Thread(() -> consume(queue, events, seen, failures));
            consumers.add(consumer);
            consumer.start();
        }
        for (int i = 1; i < events; i++) {
            post(queue, i);
            if (i % 64 == 0) {
                Thread.yield();
            }
        }
        for (int i = 0; i < consumers.size(); i++) {
            post(queue, events); // one mark for each: nothing follows that could drop it
        }
        for (final Thread consumer : consumers) {
            consumer.join();
        }
        assertEquals(List.of(), failures);
        assertTrue(
                seen.cardinality() > 8,
                "too few events arrived to prove anything: " + seen.cardinality());
    }

    private static void consume(
            final EngineEventQueue queue,
            final int last,
            final BitSet seen,
            final List<Throwable> failures) {
        final Event mine = new Event();
        long previous = 0;
        try {
            while (true) {
                if (queue.take(mine) == null) {
                    Thread.yield();
                    continue;
                }
                final long number = mine.userData();
                if (number == last) {
                    return;
                }
                assertEquals(~number, mine.headerData(), "torn");
                assertEquals(number * 31, mine.matchBits(), "torn");
                assertTrue(number > previous, "order");
                previous = number;
                synchronized (seen) {
                    assertTrue(!seen.get((int) number), "twice");
                    seen.set((int) number);
                }
            }
        } catch (final AssertionError e) {
            synchronized (failures) {
                failures.add(e);
            }
        }
    }
}

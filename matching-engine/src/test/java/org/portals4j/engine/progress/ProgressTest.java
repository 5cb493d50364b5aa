package org.portals4j.engine.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.portals4j.Waiter;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

final class ProgressTest {
    @Test
    void shouldExcludeUnderContention() throws InterruptedException {
        final int[] plain = new int[1];
        final int[] turns = new int[1];
        final Turn turn =
                () -> {
                    turns[0]++;
                    return ++plain[0];
                };
        final Progress progress = new Progress(turn, Waiter.DEFAULT, System::nanoTime, false);
        final AtomicBoolean stop = new AtomicBoolean();
        final Thread turner =
                new Thread(
                        () -> {
                            while (!stop.get()) {
                                progress.tryTurn();
                            }
                        });
        turner.start();
        final List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Thread caller =
                    new Thread(
                            () -> {
                                for (int n = 0; n < 50_000; n++) {
                                    progress.enter();
                                    plain[0]++;
                                    progress.exit();
                                }
                            });
            callers.add(caller);
            caller.start();
        }
        for (final Thread caller : callers) {
            caller.join();
        }
        stop.set(true);
        turner.join();
        assertEquals(150_000 + turns[0], plain[0]);
    }

    @Test
    void shouldTimeOutByItsClock() {
        final long[] now = {0};
        final Progress progress =
                new Progress(() -> 0, (idle, most) -> now[0] += 10, () -> now[0], false);
        final long deadline = progress.deadline(95);
        int idle = 0;
        int steps = 0;
        while (idle >= 0) {
            idle = progress.pause(idle, deadline);
            steps++;
        }
        assertEquals(Progress.TIMED_OUT, idle);
        assertEquals(11, steps);
    }

    @Test
    void shouldTellInterruptionAndKeepTheFlag() {
        final Progress progress = new Progress(() -> 0, Waiter.DEFAULT, System::nanoTime, true);
        Thread.currentThread().interrupt();
        assertEquals(Progress.INTERRUPTED, progress.pause(0, Long.MAX_VALUE));
        assertTrue(Thread.interrupted());
    }

    @Test
    void shouldWakeASleeperWhenAnEventIsPosted() throws InterruptedException {
        final Progress progress = new Progress(() -> 0, (idle, most) -> {}, System::nanoTime, true);
        final AtomicBoolean ready = new AtomicBoolean();
        final Thread sleeper =
                new Thread(
                        () -> {
                            int idle = 0;
                            progress.beginWait();
                            while (!ready.get()) {
                                idle = progress.pause(idle, Long.MAX_VALUE);
                            }
                            progress.endWait(idle);
                        });
        sleeper.start();
        final long start = System.nanoTime();
        while (sleeper.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(System.nanoTime() - start < 10_000_000_000L, "never slept");
            Thread.onSpinWait();
        }
        progress.enter();
        ready.set(true);
        progress.posted();
        progress.exit();
        sleeper.join();
        assertEquals(0, progress.waiting());
    }
}

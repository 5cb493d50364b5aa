package org.portals4j.loopback.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.function.Consumer;

/**
 * The engine against random networks, programs and faults.
 *
 * <p>{@code -Dportals.seed=N} replays one seed and prints its trace; {@code -Dportals.soak=true}
 * runs 20,000 seeds instead of 1,000.
 */
class EngineSimulationTest {
    private static final int SEEDS = 1_000;
    private static final int SOAK_SEEDS = 20_000;
    private static final int REPEATED_SEEDS = 20;

    @Test
    void shouldKeepThePromisesOfPortals() {
        final Long seed = Long.getLong("portals.seed");
        if (seed != null) {
            run(seed, System.out::println);
            return;
        }
        final int seeds = Boolean.getBoolean("portals.soak") ? SOAK_SEEDS : SEEDS;
        for (long i = 0; i < seeds; i++) {
            run(i, null);
        }
    }

    @Test
    void shouldRepeatARunToTheLastEvent() {
        for (long seed = 0; seed < REPEATED_SEEDS; seed++) {
            assertEquals(run(seed, null), run(seed, null), "seed " + seed);
        }
    }

    private static long run(final long seed, final Consumer<String> tracer) {
        try {
            return new SimulatedWorld(seed, tracer).run();
        } catch (final AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed "
                            + seed
                            + " failed: "
                            + e.getMessage()
                            + "\nreplay with: mvn -q -Dquick -pl transports/loopback -am test"
                            + " -Dtest=EngineSimulationTest#shouldKeepThePromisesOfPortals"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Dportals.seed="
                            + seed,
                    e);
        }
    }
}

package org.portals4j.tools;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that runs until Ctrl-C or SIGTERM clean up: the request runs a given action, and
 * the process stays until this is closed, which the command does last, or for some seconds.
 */
final class Shutdown implements AutoCloseable {
    private static final long GRACE_SECONDS = 15;

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch cleaned = new CountDownLatch(1);
    private final Thread hook;

    Shutdown(final Runnable onRequest) {
        hook =
                new Thread(
                        () -> {
                            requested.countDown();
                            onRequest.run();
                            awaitQuietly(cleaned);
                        },
                        "portals-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Waits for the request. */
    void await() throws InterruptedException {
        requested.await();
    }

    boolean isRequested() {
        return requested.getCount() == 0;
    }

    @Override
    public void close() {
        cleaned.countDown();
        if (!isRequested()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (final IllegalStateException e) {
                return; // the request came just now
            }
        }
    }

    /** Ends this process when the process that started it ends: its end of our input closes. */
    static void withParent() {
        Thread.ofPlatform()
                .daemon()
                .name("portals-parent-watch")
                .start(
                        () -> {
                            try {
                                while (System.in.read() >= 0) {
                                    Thread.onSpinWait();
                                }
                            } catch (final IOException e) {
                                System.exit(1);
                            }
                            System.exit(1);
                        });
    }

    private static void awaitQuietly(final CountDownLatch latch) {
        try {
            if (!latch.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("portals: cleaning up takes too long, giving up");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

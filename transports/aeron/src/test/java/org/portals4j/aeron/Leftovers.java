package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Fails a test class that leaves a thread or a driver directory behind. */
final class Leftovers implements AfterAllCallback {
    private static final Queue<Path> DIRECTORIES = new ConcurrentLinkedQueue<>();

    static void expectGone(final String directory) {
        DIRECTORIES.add(Path.of(directory));
    }

    @Override
    public void afterAll(final ExtensionContext context) {
        final List<Path> left = DIRECTORIES.stream().filter(Files::exists).distinct().toList();
        DIRECTORIES.clear();
        assertEquals(List.of(), left, "directories left behind");
        Await.until(() -> threads().isEmpty(), () -> "threads left behind " + threads());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains("driver-conductor") || name.contains("aeron-client"))
                .toList();
    }
}

package org.portals4j.tools.files;

import org.portals4j.ProcessId;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What the server knows of one client. */
final class Session {
    private final ProcessId client;
    private final Map<Long, ServedFile> files = new ConcurrentHashMap<>();
    private final AtomicLong completedFiles = new AtomicLong();
    private final AtomicLong completedBytes = new AtomicLong();
    private volatile boolean ended;
    private long lastHeardNs;

    Session(final ProcessId client, final long nowNs) {
        this.client = client;
        lastHeardNs = nowNs;
    }

    ProcessId client() {
        return client;
    }

    void heard(final long nowNs) {
        lastHeardNs = nowNs;
    }

    long silentNs(final long nowNs) {
        return nowNs - lastHeardNs;
    }

    boolean isFull() {
        return files.size() >= Protocol.WINDOW;
    }

    void add(final ServedFile file) {
        files.put(file.matchBits(), file);
    }

    /** Takes a file out: the caller ends it. */
    ServedFile take(final long matchBits) throws SafeName.RefusedException {
        final ServedFile file = files.remove(matchBits);
        if (file == null) {
            throw new SafeName.RefusedException(
                    "no file is open under 0x" + Long.toHexString(matchBits));
        }
        return file;
    }

    /** Whether the client is gone; nothing is sent to it any more. */
    boolean isEnded() {
        return ended;
    }

    /** Ends the session and takes all files out. */
    List<ServedFile> end() {
        ended = true;
        final List<ServedFile> all = new ArrayList<>(files.values());
        files.clear();
        return all;
    }

    void completed(final long bytes) {
        completedFiles.incrementAndGet();
        completedBytes.addAndGet(bytes);
    }

    long completedFiles() {
        return completedFiles.get();
    }

    long completedBytes() {
        return completedBytes.get();
    }
}

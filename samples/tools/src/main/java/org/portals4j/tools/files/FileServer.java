package org.portals4j.tools.files;

import org.portals4j.Event;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.PortalTableEntry;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Serves a directory to any number of clients: see the package documentation. {@link #run} is the
 * loop of the one thread that owns the sessions; two workers compute checksums.
 */
public final class FileServer implements AutoCloseable {
    private static final int MAX_SESSIONS = 64;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PROBE_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int WORKERS = 2;

    private final Path root;
    private final Consumer<String> log;
    private final Mailbox mailbox;
    private final PortalTableEntry data;
    private final Map<ProcessId, Session> sessions = new HashMap<>();
    private final ExecutorService workers;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean running = true;
    private long nextMatchBits = new SecureRandom().nextLong() >>> 9;
    private final Handler handler = new Handler();

    /**
     * Prepares to serve; clients that come from now on find the portals.
     *
     * @param ni a matching interface whose portals 0 to 2 are free
     * @param root the directory; must exist
     * @param log told of sessions and lost clients, a line each
     * @throws IOException if the directory cannot be resolved
     */
    public FileServer(final NetworkInterface ni, final Path root, final Consumer<String> log)
            throws IOException {
        this.root = root.toRealPath();
        this.log = log;
        mailbox = new Mailbox(ni);
        data = ni.allocatePortal(OptionSet.none(), mailbox.queue(), Protocol.DATA);
        workers =
                Executors.newFixedThreadPool(
                        WORKERS, Thread.ofPlatform().daemon().name("portals-files-", 0).factory());
    }

    /** Serves until {@link #close} is called; then leaves no half file and no session behind. */
    public void run() {
        try {
            while (running && mailbox.poll(POLL_NS, handler)) {
                probeSilentSessions();
            }
        } finally {
            for (final Session session : new ArrayList<>(sessions.values())) {
                end(session, "client " + session.client() + " dismissed");
            }
            workers.shutdown();
            awaitWorkers();
            data.close();
            mailbox.close();
            ended.countDown();
        }
    }

    /** Asks {@link #run} to end, from any thread. */
    public void stop() {
        running = false;
    }

    /** Ends {@link #run}, which another thread is in, and waits for it. */
    @Override
    public void close() {
        stop();
        try {
            ended.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitWorkers() {
        try {
            if (!workers.awaitTermination(10, TimeUnit.SECONDS)) {
                log.accept("a checksum is still being computed");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void probeSilentSessions() {
        final long now = System.nanoTime();
        for (final Session session : sessions.values()) {
            if (session.silentNs(now) > PROBE_AFTER_NS) {
                mailbox.probe(session.client());
            }
        }
    }

    /** Ends a session and, in the background, what it has open; then tells the log why. */
    private void end(final Session session, final String why) {
        sessions.remove(session.client());
        final List<ServedFile> files = session.end();
        workers.execute(
                () -> {
                    files.forEach(this::abandon);
                    log.accept(
                            why
                                    + (files.isEmpty()
                                            ? ""
                                            : "; unfinished files removed: " + files.size()));
                });
    }

    private void abandon(final ServedFile file) {
        try {
            file.abandon();
        } catch (final RuntimeException e) {
            log.accept("cleaning up: " + e.getMessage());
        }
    }

    private void reply(
            final Session session, final MessageType type, final long id, final byte[] body) {
        if (!session.isEnded()) {
            mailbox.send(session.client(), type, id, body);
        }
    }

    private void refuse(final ProcessId client, final long id, final String why) {
        mailbox.send(client, MessageType.ERROR, id, Layout.error(why));
    }

    private void hello(final ProcessId client, final long id, final MemorySegment body) {
        final Session before = sessions.get(client);
        if (before != null) {
            end(before, "client " + client + " has begun anew");
        }
        final int version = Layout.intAt(body, 0);
        if (version != Protocol.VERSION) {
            refuse(
                    client,
                    id,
                    "server speaks version " + Protocol.VERSION + ", client version " + version);
        } else if (sessions.size() >= MAX_SESSIONS) {
            refuse(client, id, "server has " + MAX_SESSIONS + " clients already");
        } else {
            final Session session = new Session(client, System.nanoTime());
            sessions.put(client, session);
            log.accept("client " + client + " has come");
            reply(
                    session,
                    MessageType.WELCOME,
                    id,
                    Layout.greeting(Protocol.VERSION, Protocol.WINDOW));
        }
    }

    private void store(final Session session, final long id, final MemorySegment body)
            throws SafeName.RefusedException, IOException {
        final ReceivedFile file =
                ReceivedFile.open(
                        data,
                        session.client(),
                        newMatchBits(session),
                        root,
                        Layout.textAt(body, 8),
                        Layout.longAt(body, 0));
        session.add(file);
        reply(session, MessageType.READY, id, Layout.words(file.matchBits()));
    }

    private void fetch(final Session session, final long id, final MemorySegment body)
            throws SafeName.RefusedException, IOException {
        final ExposedFile file =
                ExposedFile.open(
                        data,
                        session.client(),
                        newMatchBits(session),
                        root,
                        Layout.textAt(body, 0),
                        workers);
        session.add(file);
        reply(session, MessageType.EXPOSED, id, Layout.words(file.matchBits(), file.size()));
    }

    private long newMatchBits(final Session session) throws SafeName.RefusedException {
        if (session.isFull()) {
            throw new SafeName.RefusedException(
                    "client has " + Protocol.WINDOW + " files open already");
        }
        return ++nextMatchBits;
    }

    private void commit(final Session session, final long id, final MemorySegment body)
            throws SafeName.RefusedException {
        final byte[] expected = Layout.shaAt(body, 8);
        final ServedFile file = session.take(Layout.longAt(body, 0));
        if (!(file instanceof final ReceivedFile received)) {
            workers.execute(() -> abandon(file));
            throw new SafeName.RefusedException("file is open for reading");
        }
        inBackground(
                session,
                id,
                () -> {
                    final long size = received.size();
                    final byte[] actual = received.commit(expected);
                    session.completed(size);
                    reply(session, MessageType.STORED, id, actual);
                });
    }

    private void release(final Session session, final long id, final MemorySegment body)
            throws SafeName.RefusedException {
        final ServedFile file = session.take(Layout.longAt(body, 0));
        if (!(file instanceof final ExposedFile exposed)) {
            workers.execute(() -> abandon(file));
            throw new SafeName.RefusedException("file is open for writing");
        }
        inBackground(
                session,
                id,
                () -> {
                    final long size = exposed.size();
                    final byte[] sha256 = exposed.release();
                    session.completed(size);
                    reply(session, MessageType.RELEASED, id, sha256);
                });
    }

    /** Something a worker does for a client. */
    private interface Work {
        void run() throws SafeName.RefusedException, IOException;
    }

    private void inBackground(final Session session, final long id, final Work work) {
        workers.execute(
                () ->
                        attempt(
                                work,
                                why -> reply(session, MessageType.ERROR, id, Layout.error(why))));
    }

    /** Runs something for a client, who is told if it fails. */
    private static void attempt(final Work work, final Consumer<String> refusal) {
        try {
            work.run();
        } catch (final SafeName.RefusedException | MalformedMessageException e) {
            refusal.accept(String.valueOf(e.getMessage()));
        } catch (final IOException | PortalsException e) {
            refusal.accept("server: " + e);
        }
    }

    private void statistics(final Session session, final long id) {
        reply(
                session,
                MessageType.COUNTERS,
                id,
                Layout.words(
                        session.completedFiles(),
                        session.completedBytes(),
                        mailbox.events(),
                        mailbox.drops()));
    }

    private void bye(final Session session) {
        end(
                session,
                "client "
                        + session.client()
                        + " has gone: "
                        + session.completedFiles()
                        + " files, "
                        + session.completedBytes()
                        + " bytes");
    }

    /** Dispatches what the mailbox brings. */
    private final class Handler implements Mailbox.Handler {
        @Override
        public void onMessage(
                final ProcessId from,
                final MessageType type,
                final long id,
                final MemorySegment body) {
            attempt(() -> dispatch(from, type, id, body), why -> refuse(from, id, why));
        }

        private void dispatch(
                final ProcessId from,
                final MessageType type,
                final long id,
                final MemorySegment body)
                throws SafeName.RefusedException, IOException {
            if (type == MessageType.HELLO) {
                hello(from, id, body);
                return;
            }
            final Session session = sessions.get(from);
            if (session == null) {
                throw new SafeName.RefusedException("no session: HELLO comes first");
            }
            session.heard(System.nanoTime());
            switch (type) {
                case STORE -> store(session, id, body);
                case FETCH -> fetch(session, id, body);
                case COMMIT -> commit(session, id, body);
                case RELEASE -> release(session, id, body);
                case ABORT -> {
                    final ServedFile file = session.take(Layout.longAt(body, 0));
                    workers.execute(() -> abandon(file));
                }
                case STATISTICS -> statistics(session, id);
                case BYE -> bye(session);
                default ->
                        throw new SafeName.RefusedException("message is not for servers: " + type);
            }
        }

        @Override
        public void onEnded(final Event event) {}

        @Override
        public void onUndelivered(final ProcessId peer, final NiFail why) {
            final Session session = sessions.get(peer);
            if (session != null) {
                end(session, "lost the client " + peer + " (" + why + ")");
            }
        }
    }
}

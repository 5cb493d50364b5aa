package org.portals4j.tools.files;

import org.jspecify.annotations.Nullable;
import org.portals4j.Event;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.ProcessId;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Sends files to a {@link FileServer} and reads them back, several at a time. One thread calls all
 * methods and runs everything but the hashing.
 */
public final class FileClient implements AutoCloseable {
    private static final int MAX_CHUNKS = 16;
    private static final long MAX_BYTES = 256L << 20;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PROBE_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long NS_PER_BYTE = 20;
    private static final long LATENCY_WARMUP = 2_000;

    private final Mailbox mailbox;
    private final ProcessId server;
    private final long timeoutNs;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("portals-hash").factory());
    private final Map<Long, Transfer> active = new LinkedHashMap<>();
    private final Handler handler = new Handler();
    private TransferListener listener = TransferListener.NONE;
    private int window = 1;
    private long nextId;
    private int chunks;
    private long dataStartNs;
    private long dataNs;
    private long lastHeardNs = System.nanoTime();
    private long undeliverable;
    private boolean lost;
    private NiFail lostReason = NiFail.UNDELIVERABLE;
    private long awaitedId = -1;
    private @Nullable Answer answer;
    private boolean latencyEnded;
    private long latencyEndNs;
    private long latencyUserData;

    /** An answer to a request that is not about a file. */
    private record Answer(MessageType type, MemorySegment body) {}

    /** Makes one transfer for the number it gets. */
    private interface Factory<T> {
        Transfer make(long id, T item);
    }

    private FileClient(final NetworkInterface ni, final ProcessId server, final Duration timeout) {
        this.server = server;
        timeoutNs = timeout.toNanos();
        mailbox = new Mailbox(ni);
    }

    /**
     * Opens a session.
     *
     * @param ni a matching interface whose portals 0 to 2 are free
     * @param server where a {@link FileServer} runs
     * @param timeout how long the server may be silent, beyond the time that its work takes
     * @return the client
     * @throws TransferException if no server answers there
     */
    public static FileClient connect(
            final NetworkInterface ni, final ProcessId server, final Duration timeout) {
        final FileClient client = new FileClient(ni, server, timeout);
        boolean connected = false;
        try {
            final Answer welcome =
                    client.ask(
                            MessageType.HELLO,
                            Layout.greeting(Protocol.VERSION, Protocol.WINDOW),
                            MessageType.WELCOME);
            client.window = Math.clamp(Layout.intAt(welcome.body(), 4), 1, Protocol.WINDOW);
            connected = true;
            return client;
        } catch (final PeerLostException e) {
            throw new TransferException(
                    "no file server answers at " + server + ": " + e.reason(), e);
        } finally {
            if (!connected) {
                client.free();
            }
        }
    }

    /**
     * Sends files.
     *
     * @param files in this order
     * @param progress told of bytes and files
     * @throws TransferException if the server is lost or silent
     */
    public void put(final List<SourceFile> files, final TransferListener progress) {
        runAll(files, (id, file) -> new Upload(mailbox, server, id, file, worker), progress);
    }

    /**
     * Reads files.
     *
     * @param files in this order
     * @param progress told of bytes and files
     * @throws TransferException if the server is lost or silent
     */
    public void get(final List<FileRequest> files, final TransferListener progress) {
        runAll(files, (id, file) -> new Download(mailbox, server, id, file, worker), progress);
    }

    /**
     * Measures puts of eight bytes from the call to the event of their acknowledgement, one after
     * the other, after a warm-up.
     *
     * @param count how many
     * @param nanos told of each
     * @throws TransferException if the server is lost or silent
     */
    public void latency(final int count, final LongConsumer nanos) {
        for (long i = -LATENCY_WARMUP; i < count; i++) {
            latencyEnded = false;
            latencyUserData = Protocol.tag(Protocol.TAG_LATENCY, i + LATENCY_WARMUP);
            final long start = System.nanoTime();
            mailbox.putEightBytes(server, latencyUserData);
            while (!latencyEnded) {
                turn(0);
            }
            if (i >= 0) {
                nanos.accept(latencyEndNs - start);
            }
        }
    }

    /**
     * Asks for the counters of the server.
     *
     * @return the counters
     * @throws TransferException if the server is lost or silent
     */
    public Statistics statistics() {
        final MemorySegment body =
                ask(MessageType.STATISTICS, Layout.empty(), MessageType.COUNTERS).body();
        return new Statistics(
                Layout.longAt(body, 0),
                Layout.longAt(body, 8),
                Layout.longAt(body, 16),
                Layout.longAt(body, 24));
    }

    /**
     * The time in which at least one chunk was under way.
     *
     * @return nanoseconds since the client was connected
     */
    public long dataNs() {
        return dataNs;
    }

    /**
     * Events handled here.
     *
     * @return their number
     */
    public long events() {
        return mailbox.events();
    }

    /**
     * Requests refused here, and overflows of the event queue.
     *
     * @return their number
     */
    public long drops() {
        return mailbox.drops();
    }

    /** Says good-bye and frees everything. */
    @Override
    public void close() {
        if (!lost) {
            mailbox.send(server, MessageType.BYE, ++nextId, Layout.empty());
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (mailbox.unsent() > 0 && !lost && System.nanoTime() - deadline < 0) {
                if (!mailbox.poll(POLL_NS, handler)) {
                    break;
                }
            }
        }
        free();
    }

    private void free() {
        for (final Transfer transfer : active.values()) {
            transfer.fail("the client has been closed");
            transfer.end();
        }
        active.clear();
        worker.shutdownNow();
        mailbox.close();
    }

    private <T> void runAll(
            final List<T> items, final Factory<T> factory, final TransferListener progress) {
        listener = progress;
        final Iterator<T> rest = items.iterator();
        while (rest.hasNext() || !active.isEmpty()) {
            while (rest.hasNext() && active.size() < window && bytesActive() < MAX_BYTES) {
                final T item = rest.next();
                start(factory.make(++nextId, item));
            }
            issueChunks();
            turn(bytesActive());
            active.values().forEach(Transfer::checkWorker);
            removeDone();
        }
        listener = TransferListener.NONE;
    }

    private void start(final Transfer transfer) {
        active.put(transfer.id, transfer);
        try {
            transfer.start();
        } catch (final IOException e) {
            transfer.fail(String.valueOf(e));
        }
    }

    private long bytesActive() {
        return active.values().stream().mapToLong(Transfer::size).sum();
    }

    private void issueChunks() {
        for (final Transfer transfer : active.values()) {
            while (chunks < MAX_CHUNKS && transfer.hasChunk()) {
                if (chunks++ == 0) {
                    dataStartNs = System.nanoTime();
                }
                transfer.moveChunk();
            }
        }
    }

    private void removeDone() {
        final List<Transfer> done = new ArrayList<>();
        active.values().removeIf(transfer -> transfer.isDone() && done.add(transfer));
        done.forEach(transfer -> listener.onFile(transfer.outcome()));
    }

    /** Sends a request and waits for its answer. */
    private Answer ask(final MessageType type, final byte[] body, final MessageType expected) {
        answer = null;
        awaitedId = ++nextId;
        mailbox.send(server, type, awaitedId, body);
        lastHeardNs = System.nanoTime();
        while (answer == null) {
            turn(0);
        }
        final Answer got = answer;
        if (got.type() == MessageType.ERROR) {
            throw new TransferException(server + ": " + Layout.textAt(got.body(), 0));
        }
        if (got.type() != expected) {
            throw new TransferException(
                    server + " answered " + got.type() + " instead of " + expected);
        }
        return got;
    }

    /** Waits for something to happen, for as long as it may take with so many bytes to work on. */
    private void turn(final long bytes) {
        if (!mailbox.poll(POLL_NS, handler)) {
            throw new TransferException("interrupted while waiting for " + server);
        }
        if (lost) {
            throw drain();
        }
        final long silentNs = System.nanoTime() - lastHeardNs;
        if (silentNs > PROBE_AFTER_NS && chunks == 0) {
            mailbox.probe(server);
        }
        if (silentNs > timeoutNs + bytes * NS_PER_BYTE) {
            throw new TransferException(
                    "the peer "
                            + server
                            + " is alive but has not answered for "
                            + TimeUnit.NANOSECONDS.toSeconds(silentNs)
                            + " s");
        }
    }

    /** The server is lost: lets what is under way end, to tell how much it was. */
    private TransferException drain() {
        final long deadline = System.nanoTime() + DRAIN_NS;
        while (chunks + mailbox.unsent() > 0 && System.nanoTime() - deadline < 0) {
            if (!mailbox.poll(POLL_NS, handler)) {
                break;
            }
        }
        return new PeerLostException(
                server, undeliverable, (long) chunks + mailbox.unsent(), lostReason);
    }

    private void lose(final NiFail why) {
        if (!lost) {
            lost = true;
            lostReason = why;
            mailbox.stopSending();
        }
    }

    /** Handles what the mailbox brings. */
    private final class Handler implements Mailbox.Handler {
        @Override
        public void onMessage(
                final ProcessId from,
                final MessageType type,
                final long id,
                final MemorySegment body) {
            if (!from.equals(server)) {
                return;
            }
            lastHeardNs = System.nanoTime();
            if (id == awaitedId) {
                answer =
                        new Answer(
                                type, MemorySegment.ofArray(body.toArray(ValueLayout.JAVA_BYTE)));
                return;
            }
            final Transfer transfer = active.get(id);
            if (transfer == null || transfer.isDone()) {
                return;
            }
            try {
                if (type == MessageType.ERROR) {
                    transfer.refused(Layout.textAt(body, 0));
                } else {
                    transfer.onMessage(type, body);
                }
            } catch (final IOException | MalformedMessageException e) {
                transfer.fail(String.valueOf(e));
            }
        }

        @Override
        public void onEnded(final Event event) {
            lastHeardNs = System.nanoTime();
            if (event.niFail() == NiFail.UNDELIVERABLE) {
                lose(event.niFail());
            }
            if (event.userData() == latencyUserData) {
                latencyEndNs = lastHeardNs;
                latencyEnded = true;
                undeliverable += lost ? 1 : 0;
            } else if (Protocol.tagOf(event.userData()) == Protocol.TAG_DATA) {
                onChunk(event);
            }
        }

        private void onChunk(final Event event) {
            final Transfer transfer = active.get(Transfer.idOf(event));
            final long bytes = transfer == null ? -1 : transfer.onChunk(event);
            if (bytes < 0) {
                return;
            }
            if (--chunks == 0) {
                dataNs += lastHeardNs - dataStartNs;
            }
            if (event.niFail() == NiFail.UNDELIVERABLE) {
                undeliverable++;
            }
            listener.onBytes(bytes);
        }

        @Override
        public void onUndelivered(final ProcessId peer, final NiFail why) {
            if (peer.equals(server)) {
                lose(why);
                undeliverable++;
            }
        }
    }
}

package org.portals4j;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The settings of {@link Portals.Context}, in Aeron's manner: set, conclude once, read. Setting
 * after the conclusion is an error.
 *
 * @param <C> the context type that the setters return
 */
public abstract sealed class PortalsContext<C extends PortalsContext<C>> permits Portals.Context {
    /** Let the transport choose the node id. */
    public static final int NID_DEFAULT = 0;

    /** Use the effective user id of the process. */
    public static final int UID_DEFAULT = -1;

    private static final System.Logger LOGGER = System.getLogger("org.portals4j");

    private final AtomicBoolean concluded = new AtomicBoolean();
    private final Map<String, String> properties = new TreeMap<>();
    private @Nullable Object transportResource;
    private String transport = "loopback";
    private int nid = NID_DEFAULT;
    private int pid = ProcessId.PID_ANY;
    private ProgressMode progressMode = ProgressMode.THREAD;
    private long peerTimeoutNs = 3_000_000_000L;
    private long connectTimeoutNs = 10_000_000_000L;
    private long closeTimeoutNs = 1_000_000_000L;
    private int operationSlots = 1024;
    private int peerCredit = 256;
    private int eagerLimit = 8192;
    private int windowBytes = 0;
    private int uid = UID_DEFAULT;
    private long authenticationToken = 0L;
    private LongSupplier clock = System::nanoTime;
    private RandomGenerator random = new SecureRandom();
    private Waiter waiter = Waiter.DEFAULT;
    private ThreadFactory threadFactory = PortalsContext::daemon;
    private Consumer<Throwable> errorHandler = PortalsContext::logError;

    PortalsContext() {}

    abstract C self();

    /**
     * The transport: {@code loopback} (in this process), {@code aeron} (IPC to peers of the same
     * media driver, UDP to others), {@code ipc} or {@code udp} (Aeron, that way only).
     *
     * @param value its name
     * @return this
     */
    public C transport(final String value) {
        open();
        transport = value;
        return self();
    }

    /**
     * The setting of {@link #transport(String)}.
     *
     * @return the value
     */
    public String transport() {
        return transport;
    }

    /**
     * The node id that others reach this process by, {@link #NID_DEFAULT} to let the transport
     * choose by its documented rule.
     *
     * @param value a node id
     * @return this
     */
    public C nid(final int value) {
        open();
        nid = value;
        return self();
    }

    /**
     * The setting of {@link #nid(int)}.
     *
     * @return the value
     */
    public int nid() {
        return nid;
    }

    /**
     * The process id, {@link ProcessId#PID_ANY} to let the library pick a free one.
     *
     * @param value 1 to 65534, or PID_ANY
     * @return this
     */
    public C pid(final int value) {
        open();
        check(value >= ProcessId.PID_MIN && value <= ProcessId.PID_ANY, "pid", value);
        pid = value;
        return self();
    }

    /**
     * The setting of {@link #pid(int)}.
     *
     * @return the value
     */
    public int pid() {
        return pid;
    }

    /**
     * Who makes progress while the program computes.
     *
     * @param value the mode
     * @return this
     */
    public C progressMode(final ProgressMode value) {
        open();
        progressMode = value;
        return self();
    }

    /**
     * The setting of {@link #progressMode(ProgressMode)}.
     *
     * @return the value
     */
    public ProgressMode progressMode() {
        return progressMode;
    }

    /**
     * How long a connected peer may be silent before it is declared down, in nanoseconds;
     * heartbeats are sent four times as often.
     *
     * @param value nanoseconds, at least 10 ms
     * @return this
     */
    public C peerTimeoutNs(final long value) {
        open();
        check(value >= 10_000_000L, "peerTimeoutNs", value);
        peerTimeoutNs = value;
        return self();
    }

    /**
     * The setting of {@link #peerTimeoutNs(long)}.
     *
     * @return the value
     */
    public long peerTimeoutNs() {
        return peerTimeoutNs;
    }

    /**
     * How long operations wait for a peer that does not answer (or has not opened the interface)
     * before they fail UNDELIVERABLE, in nanoseconds.
     *
     * @param value nanoseconds, positive
     * @return this
     */
    public C connectTimeoutNs(final long value) {
        open();
        check(value > 0, "connectTimeoutNs", value);
        connectTimeoutNs = value;
        return self();
    }

    /**
     * The setting of {@link #connectTimeoutNs(long)}.
     *
     * @return the value
     */
    public long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    /**
     * How long {@link Portals#close()} waits for the good-byes of peers, in nanoseconds.
     *
     * @param value nanoseconds, not negative
     * @return this
     */
    public C closeTimeoutNs(final long value) {
        open();
        check(value >= 0, "closeTimeoutNs", value);
        closeTimeoutNs = value;
        return self();
    }

    /**
     * The setting of {@link #closeTimeoutNs(long)}.
     *
     * @return the value
     */
    public long closeTimeoutNs() {
        return closeTimeoutNs;
    }

    /**
     * Operations of this process that may be in flight; one peer holds at most a quarter.
     *
     * @param value 4 to 65536
     * @return this
     */
    public C operationSlots(final int value) {
        open();
        check(value >= 4 && value <= 65536, "operationSlots", value);
        operationSlots = value;
        return self();
    }

    /**
     * The setting of {@link #operationSlots(int)}.
     *
     * @return the value
     */
    public int operationSlots() {
        return operationSlots;
    }

    /**
     * Answered operations that one peer may have in flight towards this process.
     *
     * @param value 1 to 65536
     * @return this
     */
    public C peerCredit(final int value) {
        open();
        check(value >= 1 && value <= 65536, "peerCredit", value);
        peerCredit = value;
        return self();
    }

    /**
     * The setting of {@link #peerCredit(int)}.
     *
     * @return the value
     */
    public int peerCredit() {
        return peerCredit;
    }

    /**
     * The longest message that travels with its header, in bytes; the transport's frame size bounds
     * it too.
     *
     * @param value bytes, at least 0
     * @return this
     */
    public C eagerLimit(final int value) {
        open();
        check(value >= 0, "eagerLimit", value);
        eagerLimit = value;
        return self();
    }

    /**
     * The setting of {@link #eagerLimit(int)}.
     *
     * @return the value
     */
    public int eagerLimit() {
        return eagerLimit;
    }

    /**
     * Bytes of large transfers that one peer may have on the way to this process; 0 for what fits
     * the transport.
     *
     * @param value bytes, 0 or at least 1
     * @return this
     */
    public C windowBytes(final int value) {
        open();
        check(value >= 0, "windowBytes", value);
        windowBytes = value;
        return self();
    }

    /**
     * The setting of {@link #windowBytes(int)}.
     *
     * @return the value
     */
    public int windowBytes() {
        return windowBytes;
    }

    /**
     * The user id that requests carry, {@link #UID_DEFAULT} for the effective user id of the
     * process.
     *
     * @param value a user id
     * @return this
     */
    public C uid(final int value) {
        open();
        uid = value;
        return self();
    }

    /**
     * The setting of {@link #uid(int)}.
     *
     * @return the value
     */
    public int uid() {
        return uid;
    }

    /**
     * A secret that both ends of a connection must share; a peer with another one is refused.
     *
     * @param value any number
     * @return this
     */
    public C authenticationToken(final long value) {
        open();
        authenticationToken = value;
        return self();
    }

    /**
     * The setting of {@link #authenticationToken(long)}.
     *
     * @return the value
     */
    public long authenticationToken() {
        return authenticationToken;
    }

    /**
     * The clock: monotonic nanoseconds, never blocking.
     *
     * @param value a clock
     * @return this
     */
    public C clock(final LongSupplier value) {
        open();
        clock = value;
        return self();
    }

    /**
     * The setting of {@link #clock(LongSupplier)}.
     *
     * @return the value
     */
    public LongSupplier clock() {
        return clock;
    }

    /**
     * The source of connection ids and incarnations. A simulation gives a seeded one.
     *
     * @param value a generator, used under the instance's lock
     * @return this
     */
    public C random(final RandomGenerator value) {
        open();
        random = value;
        return self();
    }

    /**
     * The setting of {@link #random(RandomGenerator)}.
     *
     * @return the value
     */
    public RandomGenerator random() {
        return random;
    }

    /**
     * What waiting threads do between turns of progress.
     *
     * @param value a waiter
     * @return this
     */
    public C waiter(final Waiter value) {
        open();
        waiter = value;
        return self();
    }

    /**
     * The setting of {@link #waiter(Waiter)}.
     *
     * @return the value
     */
    public Waiter waiter() {
        return waiter;
    }

    /**
     * Makes the background thread of {@link ProgressMode#THREAD}.
     *
     * @param value a thread factory
     * @return this
     */
    public C threadFactory(final ThreadFactory value) {
        open();
        threadFactory = value;
        return self();
    }

    /**
     * The setting of {@link #threadFactory(ThreadFactory)}.
     *
     * @return the value
     */
    public ThreadFactory threadFactory() {
        return threadFactory;
    }

    /**
     * Receives errors that have no caller to be thrown at. It must not block; the default logs them
     * by {@link System.Logger}.
     *
     * @param value a handler
     * @return this
     */
    public C errorHandler(final Consumer<Throwable> value) {
        open();
        errorHandler = value;
        return self();
    }

    /**
     * The setting of {@link #errorHandler(Consumer)}.
     *
     * @return the value
     */
    public Consumer<Throwable> errorHandler() {
        return errorHandler;
    }

    /**
     * Sets a property of the transport, for example {@code aeron.dir}; each transport's
     * documentation lists its own and refuses unknown ones.
     *
     * @param name the property
     * @param value its value
     * @return this
     */
    public C property(final String name, final String value) {
        open();
        properties.put(name, value);
        return self();
    }

    /**
     * The properties of the transport.
     *
     * @return an unmodifiable copy
     */
    public Map<String, String> properties() {
        return Map.copyOf(properties);
    }

    /**
     * Gives the transport an object that the program has already, for example its {@code
     * io.aeron.Aeron} client; the library does not close it.
     *
     * @param resource what the transport's documentation names
     * @return this
     */
    public C transportResource(final Object resource) {
        open();
        transportResource = resource;
        return self();
    }

    /**
     * The object given to the transport.
     *
     * @return the object or null
     */
    public @Nullable Object transportResource() {
        return transportResource;
    }

    /**
     * Ends the setting; called by {@link Portals#open(Portals.Context)}.
     *
     * @throws PortalsException FAIL if it was concluded before
     */
    void conclude() {
        if (!concluded.compareAndSet(false, true)) {
            throw new PortalsException(
                    ReturnCode.FAIL, "context was concluded before: use one context per instance");
        }
    }

    private void open() {
        if (concluded.get()) {
            throw new PortalsException(
                    ReturnCode.FAIL, "context is concluded: settings can no longer change");
        }
    }

    private static void check(final boolean valid, final String name, final long value) {
        if (!valid) {
            throw new PortalsException(
                    ReturnCode.ARG_INVALID, name + "=" + value + " is out of range");
        }
    }

    private static Thread daemon(final Runnable task) {
        final Thread thread = new Thread(task, "portals-progress");
        thread.setDaemon(true);
        return thread;
    }

    private static void logError(final Throwable error) {
        LOGGER.log(System.Logger.Level.WARNING, "Portals4J", error);
    }
}

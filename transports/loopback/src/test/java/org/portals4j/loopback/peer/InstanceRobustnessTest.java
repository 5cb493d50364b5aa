package org.portals4j.loopback.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ProgressMode;
import org.portals4j.ReturnCode;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What must not take an instance down: memory that goes away, handlers and factories that fail. */
final class InstanceRobustnessTest {
    private static final long WAIT_NS = 20_000_000_000L;

    @TempDir private Path directory;
    private final Event event = new Event();

    private MemorySegment truncated(final int length) throws IOException {
        try (FileChannel file =
                FileChannel.open(
                        directory.resolve("f" + length),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            final MemorySegment mapped =
                    file.map(FileChannel.MapMode.READ_WRITE, 0, length, Arena.ofAuto());
            file.truncate(0);
            return mapped;
        }
    }

    private Event next(final EventQueue queue, final EventKind kind) {
        do {
            assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        } while (event.kind() != kind);
        return event;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 512, 4096, 65_536})
    void shouldEndOperationsOnTruncatedFilesWithSegv(final int length) throws IOException {
        try (Portals a = Portals.open();
                Portals b = Portals.open();
                NetworkInterface from = a.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                NetworkInterface to = b.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final EventQueue queue = from.allocateEventQueue(64);
            to.allocatePortal(OptionSet.none(), null, 0)
                    .append(
                            new MatchEntry(truncated(length), EntryOption.OP_PUT).matchBits(1),
                            ListKind.PRIORITY,
                            0);
            to.allocatePortal(OptionSet.none(), null, 1)
                    .append(
                            new MatchEntry(
                                    MemorySegment.ofArray(new byte[length]), EntryOption.OP_PUT),
                            ListKind.PRIORITY,
                            0);
            final MemoryDescriptor good =
                    from.bind(
                            MemoryDescriptor.of(MemorySegment.ofArray(new byte[length]))
                                    .eventQueue(queue));
            final MemoryDescriptor bad =
                    from.bind(MemoryDescriptor.of(truncated(length)).eventQueue(queue));
            for (int i = 0; i < 3; i++) {
                from.put(bad, 0, length, AckRequest.ACK, b.id(), 1, 0, 0, i, 0);
                assertEquals(NiFail.SEGV, next(queue, EventKind.SEND).niFail());
                from.put(good, 0, length, AckRequest.ACK, b.id(), 0, 1, 0, i, 0);
                assertEquals(NiFail.SEGV, next(queue, EventKind.ACK).niFail());
                from.put(good, 0, length, AckRequest.ACK, b.id(), 1, 0, 0, i, 0);
                assertEquals(NiFail.OK, next(queue, EventKind.ACK).niFail());
            }
            assertEquals(ReturnCode.OK, bad.release());
            assertEquals(ReturnCode.OK, good.release());
        }
    }

    /** Provokes an error report: a peer with another token. */
    private static void provoke(final Portals portals) {
        try (Portals stranger = Portals.open(new Portals.Context().authenticationToken(99));
                NetworkInterface ignored =
                        stranger.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final EventQueue queue = ni.allocateEventQueue(4);
            final MemoryDescriptor md =
                    ni.bind(
                            MemoryDescriptor.of(MemorySegment.ofArray(new byte[ignored.uid() & 0]))
                                    .eventQueue(queue));
            ni.put(md, 0, 0, AckRequest.NO_ACK, stranger.id(), 0, 0, 0, 0, 0);
            final Event event = new Event();
            assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
            assertEquals(NiFail.UNDELIVERABLE, event.niFail());
        }
    }

    @Test
    void shouldSurviveAnErrorHandlerThatThrows() {
        final AtomicInteger errors = new AtomicInteger();
        try (Portals portals =
                Portals.open(
                        new Portals.Context()
                                .errorHandler(
                                        e -> {
                                            errors.incrementAndGet();
                                            throw new IllegalStateException("on purpose", e);
                                        }))) {
            provoke(portals);
            RawPeer.until(() -> errors.get() == 1);
            provoke(portals);
            RawPeer.until(() -> errors.get() == 2);
        }
    }

    @Test
    void shouldLetAnErrorHandlerCallTheInstance() {
        final AtomicReference<Portals> instance = new AtomicReference<>();
        final AtomicReference<String> described = new AtomicReference<>();
        try (Portals portals =
                Portals.open(
                        new Portals.Context()
                                .errorHandler(e -> described.set(instance.get().describe())))) {
            instance.set(portals);
            provoke(portals);
            RawPeer.until(() -> described.get() != null);
        }
    }

    @Test
    void shouldGiveThePidBackWhenOpeningFails() {
        assertThrows(
                IllegalStateException.class,
                () ->
                        Portals.open(
                                new Portals.Context()
                                        .pid(4711)
                                        .threadFactory(
                                                task -> {
                                                    throw new IllegalStateException("on purpose");
                                                })));
        Portals.open(new Portals.Context().pid(4711)).close();
    }

    @Test
    void shouldMakeATurnInAWaitOfNoTime() {
        try (Portals portals =
                        Portals.open(new Portals.Context().progressMode(ProgressMode.INVOKER));
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final CountingEvent counter = ni.allocateCountingEvent();
            ni.allocatePortal(OptionSet.none(), null, 0)
                    .append(
                            new MatchEntry(
                                            MemorySegment.NULL,
                                            EntryOption.OP_PUT,
                                            EntryOption.EVENT_CT_COMM)
                                    .counter(counter),
                            ListKind.PRIORITY,
                            0);
            final MemoryDescriptor md = ni.bind(MemoryDescriptor.of());
            ni.put(md, 0, 0, AckRequest.NO_ACK, portals.id(), 0, 0, 0, 0, 0);
            final CountingEvent.Value value = new CountingEvent.Value();
            RawPeer.until(() -> counter.await(1, 0, value) == ReturnCode.OK);
        }
    }

    @Test
    void shouldHaveNoStartBeyondTheEntry() {
        try (Portals portals = Portals.open();
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            final EventQueue queue = ni.allocateEventQueue(8);
            ni.allocatePortal(OptionSet.none(), queue, 0)
                    .append(
                            new MatchEntry(MemorySegment.ofArray(new byte[8]), EntryOption.OP_PUT),
                            ListKind.PRIORITY,
                            0);
            final MemoryDescriptor md =
                    ni.bind(MemoryDescriptor.of(MemorySegment.ofArray(new byte[8])));
            ni.put(md, 0, 8, AckRequest.NO_ACK, portals.id(), 0, 0, 100, 0, 0);
            assertEquals(0, next(queue, EventKind.PUT).start().byteSize());
        }
    }

    @Test
    void shouldOpenAnewWhileTheLastIsClosing() throws InterruptedException {
        try (Portals portals = Portals.open(new Portals.Context().connectTimeoutNs(500_000_000))) {
            final NetworkInterface first =
                    portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            final MemoryDescriptor md = first.bind(MemoryDescriptor.of());
            // keeps the close waiting for its connect timeout
            first.put(md, 0, 0, AckRequest.NO_ACK, new ProcessId(0x7f000001, 999), 0, 0, 0, 0, 0);
            final Thread closer = new Thread(first::close);
            closer.start();
            RawPeer.until(() -> refuses(first));
            try (NetworkInterface second =
                    portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
                assertNotSame(first, second);
                second.allocateCountingEvent().close();
                closer.join();
                second.allocateCountingEvent().close();
            }
            assertTrue(refuses(first));
        }
    }

    private static boolean refuses(final NetworkInterface ni) {
        try {
            ni.allocateCountingEvent().close();
            return false;
        } catch (final PortalsException e) {
            return e.code() == ReturnCode.NO_INIT;
        }
    }
}

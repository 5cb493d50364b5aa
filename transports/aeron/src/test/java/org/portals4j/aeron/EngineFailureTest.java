package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.Aeron;
import io.aeron.CommonContext;

import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.Portals;
import org.portals4j.PortalsException;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;

/**
 * What an engine does when the Aeron client under it is gone: it says so, and never waits for ever.
 */
@ExtendWith(Leftovers.class)
final class EngineFailureTest {
    private static final long WAIT_NS = 20_000_000_000L;

    @Test
    void shouldTellEveryCallerAndEndEveryOperation() {
        final String directory = CommonContext.generateRandomDirName();
        Leftovers.expectGone(directory);
        try (PortalsMediaDriver driver = PortalsMediaDriver.launch(Path.of(directory), Map.of());
                Aeron client =
                        Aeron.connect(
                                new Aeron.Context()
                                        .aeronDirectoryName(driver.directory().toString())
                                        .errorHandler(e -> {}));
                Portals portals =
                        Portals.open(
                                new Portals.Context().transport("ipc").transportResource(client))) {
            final NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
            final EventQueue queue = ni.allocateEventQueue(16);
            final CountingEvent counter = ni.allocateCountingEvent();
            final MemoryDescriptor md =
                    ni.bind(
                            MemoryDescriptor.of(MemorySegment.ofArray(new byte[8]))
                                    .eventQueue(queue));
            final ProcessId nobody =
                    new ProcessId(portals.id().nid(), portals.id().pid() == 9 ? 10 : 9);
            ni.put(md, 0, 8, AckRequest.ACK, nobody, 0, 0, 0, 1, 0);

            CloseHelper.close(client);

            final Event event = new Event();
            assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
            assertEquals(EventKind.SEND, event.kind());
            assertEquals(NiFail.UNDELIVERABLE, event.niFail());
            expectFailure(() -> queue.await(event, WAIT_NS), directory);
            expectFailure(() -> queue.get(event), directory);
            expectFailure(() -> counter.await(1, WAIT_NS, new CountingEvent.Value()), directory);
            expectFailure(
                    () -> ni.put(md, 0, 8, AckRequest.NO_ACK, nobody, 0, 0, 0, 1, 0), directory);
            assertEquals(ReturnCode.OK, md.release());
        }
    }

    private static void expectFailure(final Runnable call, final String directory) {
        final PortalsException failure = assertThrows(PortalsException.class, call::run);
        assertEquals(ReturnCode.FAIL, failure.code());
        assertTrue(failure.getMessage().contains(directory), failure::getMessage);
    }
}

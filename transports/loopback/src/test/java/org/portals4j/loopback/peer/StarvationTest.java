package org.portals4j.loopback.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.CountingEvent;
import org.portals4j.EntryOption;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MdOption;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads that call without a pause must not keep the instance from hearing its peers. */
final class StarvationTest {
    private static final int PUTS = 200;

    @Test
    void shouldServePeersWhileThreadsCallWithoutPause() throws InterruptedException {
        try (Portals busy = Portals.open(new Portals.Context());
                Portals peer = Portals.open(new Portals.Context());
                NetworkInterface target = busy.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                NetworkInterface ni = peer.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            target.allocatePortal(OptionSet.none(), null, 0)
                    .append(
                            new MatchEntry(MemorySegment.ofArray(new byte[8]), EntryOption.OP_PUT),
                            ListKind.PRIORITY,
                            0);
            final AtomicBoolean stop = new AtomicBoolean();
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                final CountingEvent counter = target.allocateCountingEvent();
                final Thread thread =
                        new Thread(
                                () -> {
                                    while (!stop.get()) {
                                        counter.increment(1, 0);
                                    }
                                });
                threads.add(thread);
                thread.start();
            }
            final CountingEvent acks = ni.allocateCountingEvent();
            final MemoryDescriptor md =
                    ni.bind(
                            MemoryDescriptor.of(MemorySegment.ofArray(new byte[8]))
                                    .options(MdOption.EVENT_CT_ACK)
                                    .counter(acks));
            final CountingEvent.Value value = new CountingEvent.Value();
            for (int i = 1; i <= PUTS; i++) {
                ni.put(md, 0, 8, AckRequest.CT_ACK, busy.id(), 0, 0, 0, 0, 0);
                assertEquals(ReturnCode.OK, acks.await(i, 60_000_000_000L, value));
                assertEquals(0, value.failure(), "peer declared down after " + i + " puts");
            }
            stop.set(true);
            for (final Thread thread : threads) {
                thread.join();
            }
        }
    }
}

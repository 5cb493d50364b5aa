package org.portals4j.benchmarks.compare;

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
import org.portals4j.PortalTableEntry;
import org.portals4j.Portals;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;
import org.portals4j.tools.CommandException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * Ours, one end of it: a portal with one entry that counts what is put into it, and two descriptors
 * over one buffer, one of which counts acknowledgements. No full events: both ends wait on
 * counters.
 */
final class PortalsEnd implements AutoCloseable {
    private static final long BITS = 0x70657266L;
    private static final int BULK_WINDOW = 16;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final Portals portals;
    private final NetworkInterface ni;
    private final Arena arena = Arena.ofShared();
    private final CountingEvent arrived;
    private final CountingEvent acknowledged;
    private final PortalTableEntry portal;
    private final MemoryDescriptor silent;
    private final MemoryDescriptor counted;
    private final CountingEvent.Value value = new CountingEvent.Value();
    private long arrivedBefore;
    private long acknowledgedBefore;

    private PortalsEnd(final Portals portals) {
        this.portals = portals;
        ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        arrived = ni.allocateCountingEvent();
        acknowledged = ni.allocateCountingEvent();
        portal = ni.allocatePortal(OptionSet.none(), null, 0);
        portal.append(
                new MatchEntry(
                                arena.allocate(Ping.BULK_BYTES),
                                EntryOption.OP_PUT,
                                EntryOption.EVENT_CT_COMM)
                        .counter(arrived)
                        .matchBits(BITS),
                ListKind.PRIORITY,
                0);
        final MemorySegment buffer = arena.allocate(Ping.BULK_BYTES);
        silent = ni.bind(MemoryDescriptor.of(buffer));
        counted =
                ni.bind(
                        MemoryDescriptor.of(buffer)
                                .options(MdOption.EVENT_CT_ACK)
                                .counter(acknowledged));
    }

    static PortalsEnd open(final Profile profile) {
        final Portals.Context context =
                new Portals.Context()
                        .transport(profile.transport())
                        .waiter((idleTurns, maxNanos) -> Thread.yield());
        if (!profile.transport().equals("loopback")) {
            context.nid(ProcessId.parseNid("127.0.0.1"));
        }
        profile.properties().forEach(context::property);
        return new PortalsEnd(Portals.open(context));
    }

    String address() {
        return portals.id().toString();
    }

    Ping ping(final String pongAddress) {
        return new PortalsPing(ProcessId.parse(pongAddress));
    }

    Pong pong(final String pingAddress) {
        return new PortalsPong(ProcessId.parse(pingAddress));
    }

    private void put(
            final MemoryDescriptor md,
            final long length,
            final AckRequest ack,
            final ProcessId target) {
        ni.put(md, 0, length, ack, target, 0, BITS, 0, 0, 0);
    }

    private void await(final CountingEvent counter, final long test) {
        final ReturnCode code = counter.await(test, TIMEOUT_NS, value);
        if (code != ReturnCode.OK || value.failure() > 0) {
            throw new CommandException(
                    "Portals4J: waiting for " + test + " operations: " + code + " " + value);
        }
    }

    private void awaitArrived(final long more) {
        arrivedBefore += more;
        await(arrived, arrivedBefore);
    }

    private void awaitAcknowledged(final long more) {
        acknowledgedBefore += more;
        await(acknowledged, acknowledgedBefore);
    }

    @Override
    public void close() {
        portal.close();
        silent.close();
        counted.close();
        ni.close();
        portals.close();
        arena.close();
    }

    /** The measuring end. */
    private final class PortalsPing implements Ping {
        private final ProcessId pong;

        PortalsPing(final ProcessId pong) {
            this.pong = pong;
        }

        @Override
        public void echo(final long[] nanos) {
            for (int i = 0; i < nanos.length; i++) {
                final long start = System.nanoTime();
                put(silent, ECHO_BYTES, AckRequest.NO_ACK, pong);
                awaitArrived(1);
                nanos[i] = System.nanoTime() - start;
            }
        }

        @Override
        public void send(final int count, final boolean each) {
            final MemoryDescriptor md = each ? counted : silent;
            final AckRequest ack = each ? AckRequest.OC_ACK : AckRequest.NO_ACK;
            for (int i = 1; i < count; i++) {
                put(md, SMALL_BYTES, ack, pong);
            }
            put(counted, SMALL_BYTES, AckRequest.OC_ACK, pong);
            awaitAcknowledged(each ? count : 1);
        }

        @Override
        public void bulk(final int count) {
            for (int i = 0; i < count; i++) {
                if (i >= BULK_WINDOW) {
                    awaitAcknowledged(1);
                }
                put(counted, BULK_BYTES, AckRequest.OC_ACK, pong);
            }
            awaitAcknowledged(Math.min(count, BULK_WINDOW));
        }

        @Override
        public void close() {
            PortalsEnd.this.close();
        }
    }

    /** The other end. */
    private final class PortalsPong implements Pong {
        private final ProcessId ping;

        PortalsPong(final ProcessId ping) {
            this.ping = ping;
        }

        @Override
        public void echo(final int count) {
            for (int i = 0; i < count; i++) {
                awaitArrived(1);
                put(silent, Ping.ECHO_BYTES, AckRequest.NO_ACK, ping);
            }
        }

        @Override
        public void drain(final int count) {
            awaitArrived(count);
        }

        @Override
        public void close() {
            PortalsEnd.this.close();
        }
    }
}

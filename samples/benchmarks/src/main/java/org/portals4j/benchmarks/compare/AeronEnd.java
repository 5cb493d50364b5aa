package org.portals4j.benchmarks.compare;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;

import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.portals4j.tools.CommandException;

import java.util.concurrent.TimeUnit;

/**
 * Raw Aeron, one end of it: an exclusive publication to the other end and a subscription from it,
 * polled with a fragment assembler by the thread that calls.
 */
final class AeronEnd implements Ping, Pong {
    private static final int PING_TO_PONG = 9001;
    private static final int PONG_TO_PING = 9002;
    private static final int FRAGMENT_LIMIT = 10;
    private static final int CHECK_MASK = 0xfff;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final Aeron aeron;
    private final ExclusivePublication out;
    private final Subscription in;
    private final UnsafeBuffer buffer =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BULK_BYTES, 64));
    private final FragmentHandler counter = new FragmentAssembler(this::count);
    private final FragmentHandler echoer = new FragmentAssembler(this::sendBack);
    private final IdleStrategy idle = YieldingIdleStrategy.INSTANCE;
    private long received;

    private AeronEnd(final Aeron aeron, final ExclusivePublication out, final Subscription in) {
        this.aeron = aeron;
        this.out = out;
        this.in = in;
    }

    static AeronEnd open(final Profile profile, final boolean ping) {
        final Aeron aeron =
                Aeron.connect(
                        new Aeron.Context()
                                .aeronDirectoryName(profile.driverDirectory())
                                .errorHandler(AeronEnd::report)
                                .subscriberErrorHandler(AeronEnd::report));
        boolean opened = false;
        try {
            final Subscription in =
                    aeron.addSubscription(
                            subscription(profile, ping ? profile.pingPort() : profile.pongPort()),
                            ping ? PONG_TO_PING : PING_TO_PONG);
            final ExclusivePublication out =
                    aeron.addExclusivePublication(
                            publication(profile, ping ? profile.pongPort() : profile.pingPort()),
                            ping ? PING_TO_PONG : PONG_TO_PING);
            opened = true;
            return new AeronEnd(aeron, out, in);
        } finally {
            if (!opened) {
                aeron.close();
            }
        }
    }

    private static void report(final Throwable error) {
        System.err.println("raw Aeron: " + error);
    }

    private static String publication(final Profile profile, final int port) {
        final ChannelUriStringBuilder uri =
                new ChannelUriStringBuilder()
                        .media(profile.transport())
                        .mtu(profile.mtu())
                        .termLength(profile.termLength());
        if (profile.transport().equals(CommonContext.UDP_MEDIA)) {
            uri.endpoint("127.0.0.1:" + port)
                    .socketRcvbufLength(profile.socketBuffer())
                    .socketSndbufLength(profile.socketBuffer());
        }
        return uri.build();
    }

    private static String subscription(final Profile profile, final int port) {
        final ChannelUriStringBuilder uri =
                new ChannelUriStringBuilder().media(profile.transport());
        if (profile.transport().equals(CommonContext.UDP_MEDIA)) {
            uri.endpoint("127.0.0.1:" + port)
                    .socketRcvbufLength(profile.socketBuffer())
                    .socketSndbufLength(profile.socketBuffer())
                    .receiverWindowLength(profile.window());
        }
        return uri.build();
    }

    @Override
    public void echo(final long[] nanos) {
        for (int i = 0; i < nanos.length; i++) {
            final long start = System.nanoTime();
            offer(ECHO_BYTES);
            await(counter, received + 1);
            nanos[i] = System.nanoTime() - start;
        }
    }

    @Override
    public void send(final int count, final boolean acknowledged) {
        offerAll(count, SMALL_BYTES);
    }

    @Override
    public void bulk(final int count) {
        offerAll(count, BULK_BYTES);
    }

    @Override
    public void echo(final int count) {
        await(echoer, received + count);
    }

    @Override
    public void drain(final int count) {
        await(counter, received + count);
        offer(ECHO_BYTES);
    }

    @Override
    public void close() {
        out.close();
        in.close();
        aeron.close();
    }

    private void offerAll(final int count, final int length) {
        for (int i = 0; i < count; i++) {
            offer(length);
        }
        await(counter, received + 1);
    }

    private void offer(final int length) {
        long position = out.offer(buffer, 0, length);
        if (position < 0) {
            final long deadline = System.nanoTime() + TIMEOUT_NS;
            for (int i = 1; position < 0; i++) {
                if (position == Publication.CLOSED
                        || position == Publication.MAX_POSITION_EXCEEDED
                        || (i & CHECK_MASK) == 0 && System.nanoTime() - deadline > 0) {
                    throw new CommandException(
                            "raw Aeron: offer: " + Publication.errorString(position));
                }
                idle.idle();
                position = out.offer(buffer, 0, length);
            }
        }
    }

    private void await(final FragmentHandler handler, final long target) {
        long deadline = 0;
        for (int i = 1; received < target; i++) {
            final int fragments = in.poll(handler, FRAGMENT_LIMIT);
            idle.idle(fragments);
            if (fragments > 0) {
                deadline = 0;
            } else if ((i & CHECK_MASK) == 0) {
                final long now = System.nanoTime();
                deadline = deadline == 0 ? now + TIMEOUT_NS : deadline;
                if (now - deadline > 0) {
                    throw new CommandException("raw Aeron: nothing comes from the other end");
                }
            }
        }
    }

    private void count(
            final DirectBuffer message, final int offset, final int length, final Header header) {
        received++;
    }

    private void sendBack(
            final DirectBuffer message, final int offset, final int length, final Header header) {
        received++;
        offer(length);
    }
}

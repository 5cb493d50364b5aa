package org.portals4j.benchmarks.compare;

import org.agrona.BufferUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.portals4j.tools.CommandException;

import java.util.concurrent.TimeUnit;

/**
 * Raw loopback, one end of it: Agrona's ring buffers between two threads of this process, one in
 * each direction. A ring that takes 1 MiB messages is larger than the others, as Aeron's terms are.
 */
final class RingEnd implements Ping, Pong {
    /** The ring from ping to pong. */
    static final OneToOneRingBuffer TO_PONG = ring();

    /** The ring from pong to ping. */
    static final OneToOneRingBuffer TO_PING = ring();

    private static final int MESSAGE_TYPE = 1;
    private static final int CHECK_MASK = 0xfff;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final OneToOneRingBuffer in;
    private final OneToOneRingBuffer out;
    private final UnsafeBuffer buffer =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BULK_BYTES, 64));
    private final UnsafeBuffer received =
            new UnsafeBuffer(BufferUtil.allocateDirectAligned(BULK_BYTES, 64));
    private final IdleStrategy idle = YieldingIdleStrategy.INSTANCE;
    private final MessageHandler counter;
    private final MessageHandler echoer;
    private long count;

    RingEnd(final OneToOneRingBuffer in, final OneToOneRingBuffer out) {
        this.in = in;
        this.out = out;
        counter =
                (type, message, index, length) -> {
                    received.putBytes(0, message, index, length);
                    count++;
                };
        echoer =
                (type, message, index, length) -> {
                    received.putBytes(0, message, index, length);
                    count++;
                    write(length);
                };
    }

    private static OneToOneRingBuffer ring() {
        return new OneToOneRingBuffer(
                new UnsafeBuffer(
                        BufferUtil.allocateDirectAligned(
                                Profile.BULK_TERM * 2 + RingBufferDescriptor.TRAILER_LENGTH, 64)));
    }

    @Override
    public void echo(final long[] nanos) {
        for (int i = 0; i < nanos.length; i++) {
            final long start = System.nanoTime();
            write(ECHO_BYTES);
            await(counter, count + 1);
            nanos[i] = System.nanoTime() - start;
        }
    }

    @Override
    public void send(final int messages, final boolean acknowledged) {
        writeAll(messages, SMALL_BYTES);
    }

    @Override
    public void bulk(final int messages) {
        writeAll(messages, BULK_BYTES);
    }

    @Override
    public void echo(final int messages) {
        await(echoer, count + messages);
    }

    @Override
    public void drain(final int messages) {
        await(counter, count + messages);
        write(ECHO_BYTES);
    }

    @Override
    public void close() {}

    private void writeAll(final int messages, final int length) {
        for (int i = 0; i < messages; i++) {
            write(length);
        }
        await(counter, count + 1);
    }

    private void write(final int length) {
        if (!out.write(MESSAGE_TYPE, buffer, 0, length)) {
            final long deadline = System.nanoTime() + TIMEOUT_NS;
            for (int i = 1; !out.write(MESSAGE_TYPE, buffer, 0, length); i++) {
                if ((i & CHECK_MASK) == 0 && System.nanoTime() - deadline > 0) {
                    throw new CommandException("raw ring: the other end takes nothing");
                }
                idle.idle();
            }
        }
    }

    private void await(final MessageHandler handler, final long target) {
        final long deadline = System.nanoTime() + TIMEOUT_NS;
        for (int i = 1; count < target; i++) {
            idle.idle(in.read(handler));
            if ((i & CHECK_MASK) == 0 && System.nanoTime() - deadline > 0) {
                throw new CommandException("raw ring: nothing comes from the other end");
            }
        }
    }
}

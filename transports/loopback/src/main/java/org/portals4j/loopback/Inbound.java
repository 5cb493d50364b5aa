package org.portals4j.loopback;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.ControlledMessageHandler;
import org.jspecify.annotations.Nullable;
import org.portals4j.provider.Handler;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The rings into one endpoint that carry traffic.
 *
 * <p>Senders push a ring that they activate on a lock-free stack; the consumer moves it to its own
 * list and visits the list round robin, until the ring has been empty for {@value #PATIENCE}
 * visits. A turn costs as much as there are active rings, however many idle senders there are.
 */
final class Inbound implements ControlledMessageHandler {
    private static final int PATIENCE = 32;

    private final AtomicReference<@Nullable Ring> activated = new AtomicReference<>();
    private final LoopbackEndpoint owner;

    // The consumer's; a thread about to park reads the list racily.
    private volatile @Nullable Ring[] rings = new Ring[8];
    private volatile int count;
    private int turn;
    private boolean more;

    // One visit.
    private @Nullable Handler handler;
    private @Nullable Ring current;
    private int bytesLeft;

    Inbound(final LoopbackEndpoint owner) {
        this.owner = owner;
    }

    /** Any sender: hands over a ring that it has activated. */
    void push(final Ring ring) {
        Ring head;
        do {
            head = activated.get();
            ring.next = head;
        } while (!activated.compareAndSet(head, ring));
    }

    /** Whether a frame waits; racy where another thread polls at the same time. */
    boolean hasFrames() {
        if (activated.get() != null) {
            return true;
        }
        final @Nullable Ring[] list = rings;
        final int length = Math.min(count, list.length);
        for (int i = 0; i < length; i++) {
            final Ring ring = list[i];
            if (ring != null && !ring.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return count;
    }

    /** Whether the last poll ended at its limits. */
    boolean hasMore() {
        return more;
    }

    int poll(final Handler to, final int maxFrames, final int maxBytes) {
        if (activated.get() != null) {
            takeActivated();
        }
        more = false;
        if (count == 0) {
            return 0;
        }
        handler = to;
        bytesLeft = maxBytes;
        int framesLeft = maxFrames;
        try {
            int found;
            do {
                found = visitAll(framesLeft);
                framesLeft -= found;
                more = framesLeft <= 0 || bytesLeft <= 0;
            } while (found > 0 && !more);
        } finally {
            handler = null;
            current = null;
        }
        return maxFrames - framesLeft;
    }

    /** Visits each active ring once, or until the limits; the next call goes on behind the last. */
    private int visitAll(final int maxFrames) {
        final int quantum = Math.max(1, maxFrames / Math.max(1, count));
        int found = 0;
        for (int visits = count; visits > 0 && found < maxFrames && bytesLeft > 0; visits--) {
            if (turn >= count) {
                turn = 0;
            }
            final Ring ring = rings[turn];
            if (ring == null) {
                throw new IllegalStateException("turn=" + turn + " count=" + count);
            }
            current = ring;
            final int frames = ring.read(this, Math.min(quantum, maxFrames - found));
            found += frames;
            if (frames > 0) {
                ring.idleVisits = 0;
                turn++;
            } else if (++ring.idleVisits >= PATIENCE && ring.deactivate()) {
                remove(turn);
            } else {
                turn++;
            }
        }
        return found;
    }

    @Override
    public Action onMessage(
            final int type, final MutableDirectBuffer buffer, final int index, final int length) {
        deliver(buffer, index, length);
        bytesLeft -= length;
        return bytesLeft > 0 ? Action.CONTINUE : Action.BREAK;
    }

    private void deliver(final DirectBuffer buffer, final int index, final int length) {
        final Ring ring = current;
        final Handler to = handler;
        if (ring != null && to != null) {
            to.onFrame(owner.senderOf(ring), ring.channel(), buffer, index, length);
        }
    }

    private void takeActivated() {
        Ring head = activated.getAndSet(null);
        Ring oldest = null;
        while (head != null) {
            final Ring next = head.next;
            head.next = oldest;
            oldest = head;
            head = next;
        }
        while (oldest != null) {
            final Ring next = oldest.next;
            oldest.next = null;
            add(oldest);
            oldest = next;
        }
    }

    private void add(final Ring ring) {
        final int at = count;
        if (at == rings.length) {
            rings = Arrays.copyOf(rings, at * 2);
        }
        ring.idleVisits = 0;
        rings[at] = ring;
        count = at + 1;
    }

    private void remove(final int at) {
        final int last = count - 1;
        rings[at] = rings[last];
        rings[last] = null;
        count = last;
    }
}

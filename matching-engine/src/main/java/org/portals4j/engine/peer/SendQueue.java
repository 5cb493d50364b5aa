package org.portals4j.engine.peer;

import org.jspecify.annotations.Nullable;

/** A first-in first-out queue through the links of its elements. */
final class SendQueue {
    private @Nullable Sendable first;
    private @Nullable Sendable last;

    SendQueue() {}

    void add(final Sendable element) {
        element.next = null;
        final Sendable tail = last;
        if (tail == null) {
            first = element;
        } else {
            tail.next = element;
        }
        last = element;
    }

    @Nullable Sendable first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    @Nullable Sendable pop() {
        final Sendable head = first;
        if (head != null) {
            first = head.next;
            if (first == null) {
                last = null;
            }
            head.next = null;
        }
        return head;
    }

    /**
     * Sends from the head until blocked, or until a number of frames is sent.
     *
     * @return frames sent
     */
    int drain(final Connection connection, final int maxFrames) {
        int frames = 0;
        for (Sendable head = first; head != null && frames < maxFrames; head = first) {
            final int done = head.send(connection);
            if (done == Sendable.BLOCKED) {
                break;
            }
            frames++;
            if (done == Sendable.ROTATE) {
                pop();
                add(head);
            } else {
                // a sender gives its element back to its pool, which leaves the links alone
                for (int i = 0; i < done; i++) {
                    pop();
                }
            }
        }
        return frames;
    }
}

package org.portals4j;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Memory of the initiator that operations read from and write to, with the queue and counter for
 * their events: PtlMDBind, PtlMDRelease (section 3.10).
 */
public interface MemoryDescriptor extends AutoCloseable {
    /**
     * What to bind: ptl_md_t. A parameter holder, copied by {@link NetworkInterface#bind}.
     *
     * @return an empty definition: no memory, no options, no events
     */
    static Definition of() {
        return new Definition();
    }

    /**
     * A definition over one segment.
     *
     * @param memory the segment
     * @return a definition
     */
    static Definition of(final MemorySegment memory) {
        return new Definition().memory(memory);
    }

    /** What to bind: ptl_md_t. */
    final class Definition {
        private List<MemorySegment> segments = List.of(MemorySegment.NULL);
        private OptionSet<MdOption> options = OptionSet.none();
        private @Nullable EventQueue eventQueue;
        private @Nullable CountingEvent counter;

        private Definition() {}

        /**
         * One segment of memory: heap, native or mapped.
         *
         * @param memory the segment; offsets of operations count from its start
         * @return this
         */
        public Definition memory(final MemorySegment memory) {
            segments = List.of(memory);
            return this;
        }

        /**
         * Several segments that behave as their concatenation: PTL_IOVEC.
         *
         * @param list the segments, at most {@link Limits#maxIovecs()}
         * @return this
         */
        public Definition iovec(final List<MemorySegment> list) {
            segments = List.copyOf(list);
            return this;
        }

        /**
         * The options.
         *
         * @param set options, replacing those set before
         * @return this
         */
        public Definition options(final OptionSet<MdOption> set) {
            options = set;
            return this;
        }

        /**
         * The options.
         *
         * @param set options, replacing those set before
         * @return this
         */
        public Definition options(final MdOption... set) {
            return options(OptionSet.of(set));
        }

        /**
         * The queue for SEND, ACK and REPLY events.
         *
         * @param queue a queue of the same interface, or null for none
         * @return this
         */
        public Definition eventQueue(final @Nullable EventQueue queue) {
            eventQueue = queue;
            return this;
        }

        /**
         * The counting event for those classes that the options name.
         *
         * @param ct a counting event of the same interface, or null for none
         * @return this
         */
        public Definition counter(final @Nullable CountingEvent ct) {
            counter = ct;
            return this;
        }

        /**
         * The memory.
         *
         * @return one segment, or several for an IOVEC
         */
        public List<MemorySegment> segments() {
            return segments;
        }

        /**
         * The options.
         *
         * @return the options
         */
        public OptionSet<MdOption> options() {
            return options;
        }

        /**
         * The event queue.
         *
         * @return the queue or null
         */
        public @Nullable EventQueue eventQueue() {
            return eventQueue;
        }

        /**
         * The counting event.
         *
         * @return the counting event or null
         */
        public @Nullable CountingEvent counter() {
            return counter;
        }
    }

    /**
     * The length of the memory.
     *
     * @return bytes
     */
    long length();

    /**
     * Releases the descriptor if no operation uses it (PtlMDRelease).
     *
     * @return OK (also if released before), or IN_USE: operations are outstanding, try again later
     */
    ReturnCode release();

    /**
     * Releases the descriptor, making progress until its operations have ended. Idempotent, never
     * IN_USE.
     */
    @Override
    void close();
}

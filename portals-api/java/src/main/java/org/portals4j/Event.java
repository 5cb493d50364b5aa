package org.portals4j;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * A full event: ptl_event_t (section 3.13). A reusable holder: allocate one per waiting thread and
 * pass it to {@link EventQueue#get(Event)} again and again. Which fields are meaningful depends on
 * the {@linkplain #kind() kind}; the others keep values of earlier events. Not safe for use by
 * several threads at once.
 *
 * <p>The setters are for engines; a program may use them to make events for its own tests.
 */
public final class Event {
    private EventKind kind = EventKind.SEND;
    private NiFail niFail = NiFail.OK;
    private ListKind list = ListKind.PRIORITY;
    private int portalIndex;
    private long matchBits;
    private long rlength;
    private long mlength;
    private long remoteOffset;
    private long userData;
    private long headerData;
    private int initiatorNid;
    private int initiatorPid;
    private int uid;
    private long startOffset;
    private int queueIndex;
    private @Nullable MemorySegment memory;
    private AtomicOperation atomicOperation = AtomicOperation.MIN;
    private Datatype datatype = Datatype.INT8;

    /** Creates an empty event. */
    public Event() {}

    /**
     * The kind of event.
     *
     * @return the value
     */
    public EventKind kind() {
        return kind;
    }

    /**
     * Sets kind.
     *
     * @param value the value
     * @return this
     */
    public Event kind(final EventKind value) {
        kind = value;
        return this;
    }

    /**
     * How the operation ended: ni_fail_type.
     *
     * @return the value
     */
    public NiFail niFail() {
        return niFail;
    }

    /**
     * Sets niFail.
     *
     * @param value the value
     * @return this
     */
    public Event niFail(final NiFail value) {
        niFail = value;
        return this;
    }

    /**
     * The list whose entry the operation met: ptl_list.
     *
     * @return the value
     */
    public ListKind list() {
        return list;
    }

    /**
     * Sets list.
     *
     * @param value the value
     * @return this
     */
    public Event list(final ListKind value) {
        list = value;
        return this;
    }

    /**
     * The portal table index.
     *
     * @return the value
     */
    public int portalIndex() {
        return portalIndex;
    }

    /**
     * Sets portalIndex.
     *
     * @param value the value
     * @return this
     */
    public Event portalIndex(final int value) {
        portalIndex = value;
        return this;
    }

    /**
     * The match bits of the request.
     *
     * @return the value
     */
    public long matchBits() {
        return matchBits;
    }

    /**
     * Sets matchBits.
     *
     * @param value the value
     * @return this
     */
    public Event matchBits(final long value) {
        matchBits = value;
        return this;
    }

    /**
     * The length that the initiator asked for, in bytes.
     *
     * @return the value
     */
    public long rlength() {
        return rlength;
    }

    /**
     * Sets rlength.
     *
     * @param value the value
     * @return this
     */
    public Event rlength(final long value) {
        rlength = value;
        return this;
    }

    /**
     * The length that was moved, in bytes.
     *
     * @return the value
     */
    public long mlength() {
        return mlength;
    }

    /**
     * Sets mlength.
     *
     * @param value the value
     * @return this
     */
    public Event mlength(final long value) {
        mlength = value;
        return this;
    }

    /**
     * Target events: the offset that the initiator asked for; ACK and REPLY: the offset used in the
     * entry.
     *
     * @return the value
     */
    public long remoteOffset() {
        return remoteOffset;
    }

    /**
     * Sets remoteOffset.
     *
     * @param value the value
     * @return this
     */
    public Event remoteOffset(final long value) {
        remoteOffset = value;
        return this;
    }

    /**
     * User_ptr of the call or of the entry.
     *
     * @return the value
     */
    public long userData() {
        return userData;
    }

    /**
     * Sets userData.
     *
     * @param value the value
     * @return this
     */
    public Event userData(final long value) {
        userData = value;
        return this;
    }

    /**
     * Hdr_data of a put or an atomic operation.
     *
     * @return the value
     */
    public long headerData() {
        return headerData;
    }

    /**
     * Sets headerData.
     *
     * @param value the value
     * @return this
     */
    public Event headerData(final long value) {
        headerData = value;
        return this;
    }

    /**
     * The node id of the initiator.
     *
     * @return the value
     */
    public int initiatorNid() {
        return initiatorNid;
    }

    /**
     * Sets initiatorNid.
     *
     * @param value the value
     * @return this
     */
    public Event initiatorNid(final int value) {
        initiatorNid = value;
        return this;
    }

    /**
     * The process id of the initiator.
     *
     * @return the value
     */
    public int initiatorPid() {
        return initiatorPid;
    }

    /**
     * Sets initiatorPid.
     *
     * @param value the value
     * @return this
     */
    public Event initiatorPid(final int value) {
        initiatorPid = value;
        return this;
    }

    /**
     * The user id of the initiator.
     *
     * @return the value
     */
    public int uid() {
        return uid;
    }

    /**
     * Sets uid.
     *
     * @param value the value
     * @return this
     */
    public Event uid(final int value) {
        uid = value;
        return this;
    }

    /**
     * Where in {@link #memory()} the data starts, in bytes.
     *
     * @return the value
     */
    public long startOffset() {
        return startOffset;
    }

    /**
     * Sets startOffset.
     *
     * @param value the value
     * @return this
     */
    public Event startOffset(final long value) {
        startOffset = value;
        return this;
    }

    /**
     * Which of the polled queues the event came from (PtlEQPoll).
     *
     * @return the value
     */
    public int queueIndex() {
        return queueIndex;
    }

    /**
     * Sets queueIndex.
     *
     * @param value the value
     * @return this
     */
    public Event queueIndex(final int value) {
        queueIndex = value;
        return this;
    }

    /**
     * The segment that holds the data, {@code null} where the event has none. Together with {@link
     * #startOffset()} this is the {@code start} of ptl_event_t; for an IOVEC entry it is the
     * segment where the offset falls. For overflow events it is memory of the <em>overflow</em>
     * entry.
     *
     * @return the segment as the entry was given it
     */
    public @Nullable MemorySegment memory() {
        return memory;
    }

    /**
     * Sets the segment that holds the data.
     *
     * @param value the segment or null
     * @return this
     */
    public Event memory(final @Nullable MemorySegment value) {
        memory = value;
        return this;
    }

    /**
     * The operation of an ATOMIC or FETCH_ATOMIC event, or their OVERFLOW events: atomic_operation.
     *
     * @return the value
     */
    public AtomicOperation atomicOperation() {
        return atomicOperation;
    }

    /**
     * Sets atomicOperation.
     *
     * @param value the value
     * @return this
     */
    public Event atomicOperation(final AtomicOperation value) {
        atomicOperation = value;
        return this;
    }

    /**
     * The datatype of an ATOMIC or FETCH_ATOMIC event, or their OVERFLOW events: atomic_type.
     *
     * @return the value
     */
    public Datatype datatype() {
        return datatype;
    }

    /**
     * Sets datatype.
     *
     * @param value the value
     * @return this
     */
    public Event datatype(final Datatype value) {
        datatype = value;
        return this;
    }

    /**
     * The data itself: {@link #mlength()} bytes from {@link #startOffset()}. Allocates; for an
     * IOVEC entry the slice ends with the segment.
     *
     * @return the slice, empty where the event has no memory
     */
    public MemorySegment start() {
        final MemorySegment segment = memory;
        if (segment == null || mlength == 0) { // an offset beyond the entry moves nothing
            return MemorySegment.NULL;
        }
        return segment.asSlice(startOffset, Math.min(mlength, segment.byteSize() - startOffset));
    }

    /**
     * The initiator. Allocates.
     *
     * @return the process
     */
    public ProcessId initiator() {
        return new ProcessId(initiatorNid, initiatorPid);
    }

    /**
     * Copies every field from another event.
     *
     * @param other the event to copy
     * @return this
     */
    public Event copyFrom(final Event other) {
        kind = other.kind;
        niFail = other.niFail;
        list = other.list;
        portalIndex = other.portalIndex;
        matchBits = other.matchBits;
        rlength = other.rlength;
        mlength = other.mlength;
        remoteOffset = other.remoteOffset;
        userData = other.userData;
        headerData = other.headerData;
        initiatorNid = other.initiatorNid;
        initiatorPid = other.initiatorPid;
        uid = other.uid;
        startOffset = other.startOffset;
        queueIndex = other.queueIndex;
        memory = other.memory;
        atomicOperation = other.atomicOperation;
        datatype = other.datatype;
        return this;
    }

    @Override
    public String toString() {
        return kind
                + "{ni_fail="
                + niFail
                + ", list="
                + list
                + ", pt="
                + portalIndex
                + ", match_bits=0x"
                + Long.toHexString(matchBits)
                + ", rlength="
                + rlength
                + ", mlength="
                + mlength
                + ", remote_offset="
                + remoteOffset
                + ", user_ptr="
                + userData
                + ", hdr_data="
                + headerData
                + ", initiator="
                + ProcessId.formatNid(initiatorNid)
                + ":"
                + initiatorPid
                + ", uid="
                + uid
                + (isAtomic() ? ", operation=" + atomicOperation + " of " + datatype : "")
                + "}";
    }

    private boolean isAtomic() {
        return switch (kind) {
            case ATOMIC, ATOMIC_OVERFLOW, FETCH_ATOMIC, FETCH_ATOMIC_OVERFLOW -> true;
            default -> false;
        };
    }
}

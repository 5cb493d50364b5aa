package org.portals4j;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.MemorySegment;

/**
 * A network interface: PtlNIInit and the calls that need one (sections 3.6 to 3.15). All operations
 * are one-sided: the target's memory is chosen by the target's match entries, not by its program.
 *
 * <p>Data movers return at once; when the operation slots are exhausted they make progress until
 * one is free ({@link #tryPut} tells instead). A bad remote portal, an unreachable or dead peer is
 * not an error of the call: it comes back in events and counters.
 */
public interface NetworkInterface extends AutoCloseable {
    /** Allocate any free portal table index: PTL_PT_ANY. */
    int PT_ANY = -1;

    /**
     * The flavour.
     *
     * @return the kind it was opened with
     */
    InterfaceKind kind();

    /**
     * The limits in force.
     *
     * @return the negotiated limits
     */
    Limits limits();

    /**
     * The name of this process on this interface (PtlGetId).
     *
     * @return nid and pid
     */
    ProcessId id();

    /**
     * The physical name of this process (PtlGetPhysId).
     *
     * @return nid and pid
     */
    ProcessId physicalId();

    /**
     * The user id that requests of this process carry (PtlGetUid).
     *
     * @return the effective user id
     */
    int uid();

    /**
     * Reads a status register (PtlNIStatus).
     *
     * @param register the register
     * @return its count since the interface was opened
     */
    long status(StatusRegister register);

    /**
     * Allocates a portal table entry (PtlPTAlloc).
     *
     * @param options its options
     * @param queue the queue for its events, or null for none
     * @param index the index wished for, or {@link #PT_ANY}: the next free one, beginning with 0
     * @return the entry, enabled unless ALLOC_DISABLED
     * @throws PortalsException ARG_INVALID (index too large, queue of another interface),
     *     PT_IN_USE, PT_FULL
     */
    PortalTableEntry allocatePortal(
            OptionSet<PortalOption> options, @Nullable EventQueue queue, int index);

    /**
     * Binds memory for operations that this process initiates (PtlMDBind).
     *
     * @param definition copied
     * @return the descriptor
     * @throws PortalsException ARG_INVALID (queue or counter of another interface, too many
     *     segments, memory not accessible to the progress thread), NO_SPACE
     */
    MemoryDescriptor bind(MemoryDescriptor.Definition definition);

    /**
     * Allocates an event queue (PtlEQAlloc).
     *
     * @param count the number of events it must hold, 1 to 2^24
     * @return the queue
     * @throws PortalsException ARG_INVALID, NO_SPACE
     */
    EventQueue allocateEventQueue(int count);

    /**
     * Allocates a counting event of zeros (PtlCTAlloc).
     *
     * @return the counting event
     * @throws PortalsException NO_SPACE
     */
    CountingEvent allocateCountingEvent();

    /**
     * Waits for an event on any of several queues, taking them in turns (PtlEQPoll).
     *
     * @param queues queues of this interface, at least one
     * @param timeoutNs nanoseconds; 0 looks once; {@link Long#MAX_VALUE} is without limit
     * @param event filled on OK and EQ_DROPPED; its {@link Event#queueIndex()} tells which queue
     * @return OK, EQ_DROPPED, EQ_EMPTY, or INTERRUPTED
     * @throws PortalsException ARG_INVALID for an empty array or a queue of another interface
     */
    ReturnCode poll(EventQueue[] queues, long timeoutNs, Event event);

    /**
     * Waits until any of several counting events reaches its test or has a failure (PtlCTPoll).
     *
     * @param counters counting events of this interface, at least one
     * @param tests the value that each must reach, as many as counters
     * @param timeoutNs nanoseconds; 0 looks once; {@link Long#MAX_VALUE} is without limit
     * @param value filled on OK; its {@link CountingEvent.Value#index()} tells which
     * @return OK, CT_NONE_REACHED, or INTERRUPTED
     * @throws PortalsException ARG_INVALID for an empty array or one of another interface
     */
    ReturnCode poll(
            CountingEvent[] counters, long[] tests, long timeoutNs, CountingEvent.Value value);

    /**
     * Puts bytes into the entry that the target matches (PtlPut). Hot path: allocates nothing.
     *
     * @param md where the bytes are
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxMsgSize()}
     * @param ack the acknowledgement asked for
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and ACK events
     * @param headerData given to the target in its events
     * @throws PortalsException ARG_INVALID (range outside the descriptor, ACK without queue, CT_ACK
     *     without counter, descriptor of another interface, VOLATILE put too long), NO_INIT
     */
    void put(
            MemoryDescriptor md,
            long localOffset,
            long length,
            AckRequest ack,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData);

    /**
     * As {@link #put}, but answers instead of waiting when the operation slots are exhausted.
     *
     * @param md where the bytes are
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes
     * @param ack the acknowledgement asked for
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and ACK events
     * @param headerData given to the target in its events
     * @return OK, or NO_SPACE: nothing was done, make progress and try again
     */
    ReturnCode tryPut(
            MemoryDescriptor md,
            long localOffset,
            long length,
            AckRequest ack,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData);

    /**
     * Gets bytes from the entry that the target matches (PtlGet). Hot path: allocates nothing.
     *
     * @param md where the bytes go
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxMsgSize()}
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in the REPLY event
     * @throws PortalsException as {@link #put}
     */
    void get(
            MemoryDescriptor md,
            long localOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData);

    /**
     * As {@link #get}, but answers instead of waiting when the operation slots are exhausted.
     *
     * @param md where the bytes go
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in the REPLY event
     * @return OK, or NO_SPACE: nothing was done, make progress and try again
     */
    ReturnCode tryGet(
            MemoryDescriptor md,
            long localOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData);

    /**
     * Combines elements with those of the entry that the target matches (PtlAtomic); the entry must
     * permit OP_PUT. Acknowledged as a put. Each element is changed at once with respect to other
     * atomic operations on the target's process. Hot path: allocates nothing.
     *
     * @param md where the operands are
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxAtomicSize()}; a part of an element at the end is
     *     ignored
     * @param ack the acknowledgement asked for
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and ACK events
     * @param headerData given to the target in its events
     * @param operation MIN to BXOR
     * @param datatype of the elements
     * @throws PortalsException as {@link #put}; and ARG_INVALID for a length over the limit, an
     *     operation that is not MIN to BXOR or is not defined for the datatype
     */
    void atomic(
            MemoryDescriptor md,
            long localOffset,
            long length,
            AckRequest ack,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * As {@link #atomic}, but answers instead of waiting when the operation slots are exhausted.
     *
     * @param md where the operands are
     * @param localOffset offset in the descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxAtomicSize()}; a part of an element at the end is
     *     ignored
     * @param ack the acknowledgement asked for
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and ACK events
     * @param headerData given to the target in its events
     * @param operation MIN to BXOR
     * @param datatype of the elements
     * @return OK, or NO_SPACE: nothing was done, make progress and try again
     */
    ReturnCode tryAtomic(
            MemoryDescriptor md,
            long localOffset,
            long length,
            AckRequest ack,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * Combines elements with those of the entry that the target matches and fetches what was there
     * before (PtlFetchAtomic); the entry must permit OP_PUT and OP_GET. SEND is posted and counted
     * with the put descriptor, REPLY with the get descriptor. The values fetched are those right
     * before this operation, whatever comes later. Hot path: allocates nothing.
     *
     * @param getMd where the values found go
     * @param localGetOffset offset in that descriptor, bytes
     * @param putMd where the operands are; of the same interface, and it may be the same
     * @param localPutOffset offset in that descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxFetchAtomicSize()}; a part of an element at the
     *     end is ignored
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and REPLY events
     * @param headerData given to the target in its events
     * @param operation MIN to BXOR
     * @param datatype of the elements
     * @throws PortalsException as {@link #put} and {@link #get} for both descriptors; and
     *     ARG_INVALID for a length over the limit, an operation that is not MIN to BXOR or is not
     *     defined for the datatype
     */
    void fetchAtomic(
            MemoryDescriptor getMd,
            long localGetOffset,
            MemoryDescriptor putMd,
            long localPutOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * As {@link #fetchAtomic}, but answers instead of waiting when the operation slots are
     * exhausted.
     *
     * @param getMd where the values found go
     * @param localGetOffset offset in that descriptor, bytes
     * @param putMd where the operands are; of the same interface, and it may be the same
     * @param localPutOffset offset in that descriptor, bytes
     * @param length bytes, 0 to {@link Limits#maxFetchAtomicSize()}; a part of an element at the
     *     end is ignored
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and REPLY events
     * @param headerData given to the target in its events
     * @param operation MIN to BXOR
     * @param datatype of the elements
     * @return OK, or NO_SPACE: nothing was done, make progress and try again
     */
    ReturnCode tryFetchAtomic(
            MemoryDescriptor getMd,
            long localGetOffset,
            MemoryDescriptor putMd,
            long localPutOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * Replaces elements of the entry that the target matches, always or on a condition, and fetches
     * what was there before (PtlSwap). Otherwise as {@link #fetchAtomic}; the target's event is
     * FETCH_ATOMIC. Hot path: allocates nothing.
     *
     * @param getMd where the values found go
     * @param localGetOffset offset in that descriptor, bytes
     * @param putMd where the new values are; of the same interface, and it may be the same
     * @param localPutOffset offset in that descriptor, bytes
     * @param length bytes: for SWAP 0 to {@link Limits#maxFetchAtomicSize()}, for the others one
     *     element
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and REPLY events
     * @param headerData given to the target in its events
     * @param operand one element, copied by the call; null for SWAP, which has none
     * @param operation SWAP to MSWAP
     * @param datatype of the elements
     * @throws PortalsException as {@link #fetchAtomic}; and ARG_INVALID for more than one element
     *     with other operations than SWAP, an operand that is missing, too short or not accessible,
     *     an operation that is not SWAP to MSWAP
     */
    void swap(
            MemoryDescriptor getMd,
            long localGetOffset,
            MemoryDescriptor putMd,
            long localPutOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            @Nullable MemorySegment operand,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * As {@link #swap}, but answers instead of waiting when the operation slots are exhausted.
     *
     * @param getMd where the values found go
     * @param localGetOffset offset in that descriptor, bytes
     * @param putMd where the new values are; of the same interface, and it may be the same
     * @param localPutOffset offset in that descriptor, bytes
     * @param length bytes: for SWAP 0 to {@link Limits#maxFetchAtomicSize()}, for the others one
     *     element
     * @param target the target process
     * @param portalIndex the target's portal table index
     * @param matchBits compared with the target's entries
     * @param remoteOffset offset in the matched entry, bytes
     * @param userData given back in SEND and REPLY events
     * @param headerData given to the target in its events
     * @param operand one element, copied by the call; null for SWAP, which has none
     * @param operation SWAP to MSWAP
     * @param datatype of the elements
     * @return OK, or NO_SPACE: nothing was done, make progress and try again
     */
    ReturnCode trySwap(
            MemoryDescriptor getMd,
            long localGetOffset,
            MemoryDescriptor putMd,
            long localPutOffset,
            long length,
            ProcessId target,
            int portalIndex,
            long matchBits,
            long remoteOffset,
            long userData,
            long headerData,
            @Nullable MemorySegment operand,
            AtomicOperation operation,
            Datatype datatype);

    /**
     * Drops one reference of the interface and at the last one ends it (PtlNIFini): waiters get
     * INTERRUPTED, outstanding operations end, objects are freed. Idempotent per {@link
     * Portals#networkInterface} call.
     */
    @Override
    void close();
}

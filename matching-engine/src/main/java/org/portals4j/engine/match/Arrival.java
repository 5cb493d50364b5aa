package org.portals4j.engine.match;

import org.jspecify.annotations.Nullable;
import org.portals4j.AtomicOperation;
import org.portals4j.Datatype;
import org.portals4j.EventKind;
import org.portals4j.ListKind;
import org.portals4j.NiFail;
import org.portals4j.engine.peer.Connection;

/**
 * A request that has arrived and matched: from the match until its data has landed, its events are
 * posted and, on the overflow list, its unexpected header is consumed. Pooled; it goes back when
 * {@linkplain #release() its references} are gone: one for moving data, one for a header or its
 * claim, one for a held event.
 *
 * <p>Fields are public to the engine's target side and written by it alone, under the instance's
 * lock.
 */
public final class Arrival {
    /** PUT, GET, ATOMIC or FETCH_ATOMIC. */
    public EventKind kind = EventKind.PUT;

    /** Where it came from, for the response. */
    public @Nullable Connection connection;

    /** Initiator's node id. */
    public int nid;

    /** Initiator's process id. */
    public int pid;

    /** Initiator's user id. */
    public int uid;

    /** Initiator's operation id. */
    public int operationId;

    /** Whether the initiator expects a response. */
    public boolean answered;

    /** Our name of the transfer, 0 for none. */
    public int transferId;

    /** Its place among the arrivals whose data is moving, -1 for none. */
    public int movingIndex;

    /** The portal table index. */
    public int portalIndex;

    /** Match bits. */
    public long matchBits;

    /** What an atomic operation does. */
    public AtomicOperation atomicOperation = AtomicOperation.MIN;

    /** The elements of an atomic operation. */
    public Datatype datatype = Datatype.INT8;

    /** Header data of a put or an atomic operation. */
    public long headerData;

    /** Requested length. */
    public long rlength;

    /** Requested offset. */
    public long remoteOffset;

    /** Matched length. */
    public long mlength;

    /** The offset used in the entry. */
    public long placeOffset;

    /** Bytes that have landed. */
    public long received;

    /** How it ended. */
    public NiFail niFail = NiFail.OK;

    /** The entry that it matched. */
    public @Nullable Entry entry;

    /** The entry that claimed its header. */
    public @Nullable Entry claimer;

    @Nullable Arrival previousHeader;
    @Nullable Arrival nextHeader;
    @Nullable HeaderNode nodes;
    private boolean header;
    private boolean landed;
    private boolean posted;
    private int references;

    /** Creates an arrival for a pool. */
    public Arrival() {}

    /** Makes a pooled arrival new, with one reference. */
    public void begin() {
        references = 1;
        landed = false;
        posted = false;
        header = false;
        niFail = NiFail.OK;
        received = 0;
        transferId = 0;
        movingIndex = -1;
        claimer = null;
    }

    /** Adds a reference. */
    public void retain() {
        references++;
    }

    /**
     * Drops a reference.
     *
     * @return true if it was the last: the arrival goes back to its pool
     */
    public boolean release() {
        if (--references == 0) {
            connection = null;
            entry = null;
            claimer = null;
            return true;
        }
        return false;
    }

    /**
     * The list on which it matched.
     *
     * @return the list
     */
    public ListKind list() {
        final Entry e = entry;
        return e == null ? ListKind.PRIORITY : e.list();
    }

    /**
     * Whether its data has landed, or will not.
     *
     * @return true after {@link #landed()}
     */
    public boolean isLanded() {
        return landed;
    }

    /** Notes that its data has landed, or will not. */
    public void landed() {
        landed = true;
    }

    /**
     * Whether its communication event was posted (or would have been, but for options).
     *
     * @return true after {@link #posted()}
     */
    public boolean isPosted() {
        return posted;
    }

    /** Notes that its communication event was posted. */
    public void posted() {
        posted = true;
    }

    /**
     * Whether it is on an unexpected list.
     *
     * @return true while it is
     */
    public boolean isHeader() {
        return header;
    }

    void header(final boolean value) {
        header = value;
    }
}

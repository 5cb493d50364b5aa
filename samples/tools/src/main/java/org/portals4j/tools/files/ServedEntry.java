package org.portals4j.tools.files;

import org.portals4j.EntryOption;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.PortalTableEntry;
import org.portals4j.ProcessId;
import org.portals4j.ReturnCode;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A match entry over the memory of one file, for one client. */
final class ServedEntry {
    private static final long UNLINK_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long UNLINK_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final PortalTableEntry portal;
    private final long matchBits;
    private final long handle;

    /**
     * Appends the entry; the client may move data from now on. Its successes post no events, so a
     * transfer costs this process nothing; a put that breaks off does, and so tells of a lost
     * client.
     */
    ServedEntry(
            final PortalTableEntry portal,
            final ProcessId client,
            final long matchBits,
            final MemorySegment memory,
            final EntryOption permission) {
        this.portal = portal;
        this.matchBits = matchBits;
        handle =
                portal.append(
                        new MatchEntry(
                                        memory,
                                        permission,
                                        EntryOption.NO_TRUNCATE,
                                        EntryOption.EVENT_LINK_DISABLE,
                                        EntryOption.EVENT_SUCCESS_DISABLE)
                                .source(client)
                                .matchBits(matchBits),
                        ListKind.PRIORITY,
                        Protocol.tag(Protocol.TAG_DATA, matchBits));
    }

    long matchBits() {
        return matchBits;
    }

    /**
     * Unlinks the entry: nobody moves data any more when this returns.
     *
     * @return false if an operation would not end in time
     */
    boolean unlink() {
        final long deadline = System.nanoTime() + UNLINK_TIMEOUT_NS;
        while (portal.unlink(handle) == ReturnCode.IN_USE) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(UNLINK_PAUSE_NS);
        }
        return true;
    }
}

package org.portals4j.aeron;

import io.aeron.Aeron;
import io.aeron.Counter;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Who is where on a media driver. Each endpoint holds one counter of {@link #TYPE_ID} in its driver
 * whose key names it, so that processes of the same driver find each other and two endpoints do not
 * take one name. AeronStat shows the label. The driver frees the counter when its client closes, or
 * some seconds after it died; until then the process named in the key tells.
 *
 * <p>Key, little-endian: version (int), nid (int), pid (int), IPC stream (int, 0 for none),
 * incarnation, process number, process start, process namespace (long each).
 */
final class Announcements {
    /** The type of our counters; Aeron's own are below 1000. */
    static final int TYPE_ID = 4300;

    private static final int VERSION = 1;
    private static final int NID = 4;
    private static final int PID = 8;
    private static final int STREAM = 12;
    private static final int INCARNATION = 16;
    private static final int PROCESS = 24;
    private static final int PROCESS_START = 32;
    private static final int NAMESPACE = 40;
    private static final int KEY_LENGTH = 48;

    private final CountersReader counters;
    private final DirectBuffer metaData;

    Announcements(final CountersReader counters) {
        this.counters = counters;
        metaData = counters.metaDataBuffer();
    }

    /** Adds the counter of an endpoint; blocks until the driver has it. */
    static Counter announce(
            final Aeron client,
            final Way way,
            final int nid,
            final int pid,
            final int stream,
            final long incarnation) {
        final OsProcess self = OsProcess.current();
        final UnsafeBuffer key = new UnsafeBuffer(new byte[KEY_LENGTH]);
        key.putInt(0, VERSION, ByteOrder.LITTLE_ENDIAN);
        key.putInt(NID, nid, ByteOrder.LITTLE_ENDIAN);
        key.putInt(PID, pid, ByteOrder.LITTLE_ENDIAN);
        key.putInt(STREAM, stream, ByteOrder.LITTLE_ENDIAN);
        key.putLong(INCARNATION, incarnation, ByteOrder.LITTLE_ENDIAN);
        key.putLong(PROCESS, self.pid(), ByteOrder.LITTLE_ENDIAN);
        key.putLong(PROCESS_START, self.start(), ByteOrder.LITTLE_ENDIAN);
        key.putLong(NAMESPACE, self.namespace(), ByteOrder.LITTLE_ENDIAN);
        final String text =
                "portals nid=%s pid=%d transport=%s ipc-stream=%d incarnation=%016x process=%d"
                        .formatted(
                                NodeId.format(nid),
                                pid,
                                way.transport(),
                                stream,
                                incarnation,
                                self.pid());
        final UnsafeBuffer label = new UnsafeBuffer(text.getBytes(StandardCharsets.US_ASCII));
        final Counter counter =
                client.addCounter(TYPE_ID, key, 0, KEY_LENGTH, label, 0, label.capacity());
        counter.setRelease(1);
        return counter;
    }

    /**
     * The next counter of an endpoint.
     *
     * @param after a counter id, -1 to begin
     * @return its id, or {@link CountersReader#NULL_COUNTER_ID} after the last
     */
    int next(final int after) {
        for (int id = after + 1; id <= counters.maxCounterId(); id++) {
            final int state = counters.getCounterState(id);
            if (state == CountersReader.RECORD_UNUSED) {
                break;
            }
            if (state == CountersReader.RECORD_ALLOCATED
                    && counters.getCounterTypeId(id) == TYPE_ID
                    && metaData.getInt(key(id), ByteOrder.LITTLE_ENDIAN) == VERSION) {
                return id;
            }
        }
        return CountersReader.NULL_COUNTER_ID;
    }

    int nid(final int id) {
        return metaData.getInt(key(id) + NID, ByteOrder.LITTLE_ENDIAN);
    }

    int pid(final int id) {
        return metaData.getInt(key(id) + PID, ByteOrder.LITTLE_ENDIAN);
    }

    /** The IPC stream that the endpoint subscribes to, 0 for none. */
    int stream(final int id) {
        return metaData.getInt(key(id) + STREAM, ByteOrder.LITTLE_ENDIAN);
    }

    /** Grows with each thing registered in the driver: tells older from younger. */
    long registration(final int id) {
        return counters.getCounterRegistrationId(id);
    }

    /** Whether the endpoint's process has certainly ended, though the driver does not know yet. */
    boolean provenDead(final int id) {
        final int key = key(id);
        return new OsProcess(
                        metaData.getLong(key + PROCESS, ByteOrder.LITTLE_ENDIAN),
                        metaData.getLong(key + PROCESS_START, ByteOrder.LITTLE_ENDIAN),
                        metaData.getLong(key + NAMESPACE, ByteOrder.LITTLE_ENDIAN))
                .provenDead();
    }

    /** Whether a live endpoint older than a registration has this name. */
    boolean taken(final int nid, final int pid, final long before) {
        for (int id = next(-1); id != CountersReader.NULL_COUNTER_ID; id = next(id)) {
            if (nid(id) == nid && pid(id) == pid && registration(id) < before && !provenDead(id)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an endpoint older than a registration, alive or not, has this IPC stream. */
    boolean streamTaken(final int stream, final long before) {
        for (int id = next(-1); id != CountersReader.NULL_COUNTER_ID; id = next(id)) {
            if (stream(id) == stream && registration(id) < before) {
                return true;
            }
        }
        return false;
    }

    /** How many endpoints are announced. */
    int count() {
        int count = 0;
        for (int id = next(-1); id != CountersReader.NULL_COUNTER_ID; id = next(id)) {
            count++;
        }
        return count;
    }

    private static int key(final int id) {
        return CountersReader.metaDataOffset(id) + CountersReader.KEY_OFFSET;
    }
}

package org.portals4j.engine.peer;

import org.portals4j.ProcessId;
import org.portals4j.wire.HelloDecoder;

/** The fields of a Hello, copied out of its frame. Reused. */
public final class HelloFields {
    int connectionId;
    int senderConnectionId;
    boolean answer;
    int minVersion;
    int maxVersion;
    int readyKinds;
    int nid;
    int pid;
    int uid;
    int credit;
    int window;
    long incarnation;
    long timeoutNs;
    long token;

    /** Creates empty fields. */
    public HelloFields() {}

    /**
     * Copies the fields.
     *
     * @param hello a decoder that wraps a frame of sufficient length
     * @return this
     */
    public HelloFields read(final HelloDecoder hello) {
        connectionId = hello.connectionId();
        senderConnectionId = hello.senderConnectionId();
        answer = hello.answer() == 1;
        minVersion = hello.minVersion();
        maxVersion = hello.maxVersion();
        readyKinds = hello.readyKinds();
        nid = hello.nid();
        pid = hello.pid();
        uid = hello.uid();
        credit = hello.credit();
        window = hello.window();
        incarnation = hello.incarnation();
        timeoutNs = hello.timeoutNs();
        token = hello.token();
        return this;
    }

    boolean isValid() {
        return senderConnectionId != 0
                && pid >= ProcessId.PID_MIN
                && pid <= ProcessId.PID_MAX
                && credit > 0
                && window > 0
                && timeoutNs > 0
                && minVersion <= maxVersion;
    }
}

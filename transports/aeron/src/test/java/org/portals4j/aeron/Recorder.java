package org.portals4j.aeron;

import org.agrona.DirectBuffer;
import org.portals4j.provider.Handler;
import org.portals4j.provider.Peer;
import org.portals4j.provider.Region;

import java.util.ArrayList;
import java.util.List;

/** A handler that keeps what it is told. */
final class Recorder implements Handler {
    final List<byte[]> frames = new ArrayList<>();
    final List<Long> channels = new ArrayList<>();
    final List<Peer> ups = new ArrayList<>();
    final List<Peer> downs = new ArrayList<>();
    final List<String> causes = new ArrayList<>();

    @Override
    public void onFrame(
            final Peer peer,
            final long channel,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final byte[] frame = new byte[length];
        buffer.getBytes(offset, frame);
        frames.add(frame);
        channels.add(channel);
    }

    @Override
    public void onDone(final long context, final int status) {
        throw new AssertionError("onDone from a transport without memory access");
    }

    @Override
    public void onReleased(final Region region) {
        throw new AssertionError("onReleased from a transport without memory access");
    }

    @Override
    public void onPeerUp(final Peer peer) {
        ups.add(peer);
    }

    @Override
    public void onPeerDown(final Peer peer, final String cause) {
        downs.add(peer);
        causes.add(cause);
    }

    @Override
    public void onWritable(final Peer peer) {}
}

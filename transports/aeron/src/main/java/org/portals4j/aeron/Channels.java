package org.portals4j.aeron;

import io.aeron.ChannelUriStringBuilder;
import io.aeron.CommonContext;

/** The channel URIs of an endpoint: all of its profile stands in them, none in the driver's. */
final class Channels {
    private final AeronSettings settings;

    Channels(final AeronSettings settings) {
        this.settings = settings;
    }

    String ipcSubscription() {
        return CommonContext.IPC_CHANNEL;
    }

    String ipcPublication() {
        return new ChannelUriStringBuilder()
                .media(CommonContext.IPC_MEDIA)
                .mtu(settings.mtu())
                .termLength(settings.ipcTerm())
                .build();
    }

    String udpSubscription(final int nid, final int port) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.UDP_MEDIA)
                .endpoint(NodeId.format(nid) + ":" + port)
                .socketRcvbufLength(settings.socketBuffer())
                .socketSndbufLength(settings.socketBuffer())
                .receiverWindowLength(settings.udpWindow())
                .build();
    }

    String udpPublication(final int nid, final int port) {
        return new ChannelUriStringBuilder()
                .media(CommonContext.UDP_MEDIA)
                .endpoint(NodeId.format(nid) + ":" + port)
                .mtu(settings.mtu())
                .termLength(settings.udpTerm())
                .socketRcvbufLength(settings.socketBuffer())
                .socketSndbufLength(settings.socketBuffer())
                .build();
    }
}

package org.portals4j.loopback.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.portals4j.AckRequest;
import org.portals4j.EntryOption;
import org.portals4j.Event;
import org.portals4j.EventKind;
import org.portals4j.EventQueue;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.MemoryDescriptor;
import org.portals4j.NetworkInterface;
import org.portals4j.NiFail;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.ReturnCode;
import org.portals4j.wire.AcksEncoder;
import org.portals4j.wire.DataEncoder;
import org.portals4j.wire.GrantDecoder;
import org.portals4j.wire.HeartbeatEncoder;
import org.portals4j.wire.MessageHeaderDecoder;
import org.portals4j.wire.MessageHeaderEncoder;
import org.portals4j.wire.PutEncoder;
import org.portals4j.wire.RefuseDecoder;
import org.portals4j.wire.ResetDecoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What a malformed or hostile peer may send: counted and dropped, the process goes on. */
final class HostilePeerTest {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final long WAIT_NS = 10_000_000_000L;

    private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
    private final Event event = new Event();
    private Arena arena;
    private Portals portals;
    private NetworkInterface ni;
    private EventQueue queue;
    private MemorySegment memory;
    private RawPeer peer;

    @BeforeEach
    void open() {
        arena = Arena.ofAuto();
        portals =
                Portals.open(
                        new Portals.Context()
                                .peerCredit(4)
                                .windowBytes(1000)
                                .errorHandler(errors::add));
        ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        queue = ni.allocateEventQueue(64);
        memory = arena.allocate(100_000);
        ni.allocatePortal(OptionSet.none(), queue, 0)
                .append(
                        new MatchEntry(
                                memory,
                                EntryOption.OP_PUT,
                                EntryOption.OP_GET,
                                EntryOption.EVENT_LINK_DISABLE),
                        ListKind.PRIORITY,
                        1);
        peer = new RawPeer(portals.id());
    }

    @AfterEach
    void close() {
        peer.close();
        portals.close();
        assertEquals(List.of(), errors);
    }

    private PutEncoder put(final int operationId, final boolean large, final long rlength) {
        return new PutEncoder()
                .wrapAndApplyHeader(peer.frame, 0, peer.header)
                .connectionId(peer.connectionId)
                .operationId(operationId)
                .portalIndex(0)
                .interfaceKind((short) 0)
                .ackRequest((short) 1)
                .large((short) (large ? 1 : 0))
                .reserved((short) 0)
                .matchBits(0)
                .remoteOffset(0)
                .rlength(rlength)
                .headerData(0);
    }

    private void sendPut(final int payload) {
        peer.send(HEADER + PutEncoder.BLOCK_LENGTH + payload);
    }

    private int grantLargePut(final int operationId, final long rlength) {
        put(operationId, true, rlength);
        sendPut(0);
        final DirectBuffer grant = peer.await(GrantDecoder.TEMPLATE_ID);
        return new GrantDecoder()
                .wrapAndApplyHeader(grant, 0, new MessageHeaderDecoder())
                .transferId();
    }

    private void sendData(final int transferId, final long offset, final int length) {
        new DataEncoder()
                .wrapAndApplyHeader(peer.frame, 0, peer.header)
                .connectionId(peer.connectionId)
                .transferId(transferId)
                .transferOffset(offset)
                .reply((short) 0)
                .failed((short) 0)
                .reserved(0);
        peer.send(HEADER + DataEncoder.BLOCK_LENGTH + length);
    }

    private void expectReset() {
        peer.await(ResetDecoder.TEMPLATE_ID);
    }

    private void expectUsable() {
        final MemoryDescriptor md =
                ni.bind(MemoryDescriptor.of(arena.allocate(8)).eventQueue(queue));
        ni.put(md, 0, 8, AckRequest.ACK, portals.id(), 0, 0, 0, 77, 0);
        do {
            assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        } while (event.kind() != EventKind.ACK);
        assertEquals(NiFail.OK, event.niFail());
    }

    @Test
    void shouldServeAPeerThatKeepsTheProtocol() {
        peer.connect();
        put(1, false, 8);
        sendPut(8);
        assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        assertEquals(EventKind.PUT, event.kind());
        assertEquals(peer.id(), event.initiator());
    }

    @Test
    void shouldRefuseAnotherProtocolVersionNamingBoth() {
        peer.hello().minVersion((short) 2).maxVersion((short) 3);
        peer.sendHello();
        final RefuseDecoder refuse =
                new RefuseDecoder()
                        .wrapAndApplyHeader(awaitRefuse(), 0, new MessageHeaderDecoder());
        assertEquals(RawPeer.MY_ID, refuse.connectionId());
        assertEquals(1, refuse.reason());
        assertEquals(1, refuse.minVersion());
        assertEquals(1, refuse.maxVersion());
        expectUsable();
    }

    @Test
    void shouldRefuseAnotherToken() {
        peer.hello().token(99);
        peer.sendHello();
        final RefuseDecoder refuse =
                new RefuseDecoder()
                        .wrapAndApplyHeader(awaitRefuse(), 0, new MessageHeaderDecoder());
        assertEquals(2, refuse.reason());
        expectUsable();
    }

    // the victim may not have a way to us at the first Hello; a real peer repeats it
    private DirectBuffer awaitRefuse() {
        peer.sendHello();
        return peer.await(RefuseDecoder.TEMPLATE_ID);
    }

    @Test
    void shouldDropFramesOfAnUnknownConnection() {
        peer.connect();
        peer.connectionId++;
        put(1, false, 8);
        sendPut(8);
        peer.connectionId--;
        put(2, false, 16);
        sendPut(16);
        assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        assertEquals(16, event.rlength());
        assertTrue(portals.describe().contains("unknown connections 1"), portals::describe);
    }

    @Test
    void shouldResetAPeerWhosePayloadDoesNotFitItsLength() {
        peer.connect();
        put(1, false, 9);
        sendPut(8);
        expectReset();
        expectUsable();
    }

    @Test
    void shouldResetAPeerOfUnknownEnumerations() {
        peer.connect();
        put(1, false, 8).ackRequest((short) 4);
        sendPut(8);
        expectReset();
        expectUsable();
    }

    @Test
    void shouldResetAPeerThatUsesMoreThanItsCredit() {
        peer.connect();
        for (int i = 0; i < 5; i++) {
            put(i, true, 50_000);
            sendPut(0);
        }
        expectReset();
        for (int i = 0; i < 4; i++) {
            assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
            assertEquals(EventKind.PUT, event.kind());
            assertEquals(NiFail.UNDELIVERABLE, event.niFail());
        }
        expectUsable();
    }

    @Test
    void shouldResetAPeerThatSendsMoreThanItsWindow() {
        peer.connect();
        final int transferId = grantLargePut(1, 50_000);
        sendData(transferId, 0, 1001);
        expectReset();
        assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        assertEquals(NiFail.UNDELIVERABLE, event.niFail());
        assertEquals(0, memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
        expectUsable();
    }

    @Test
    void shouldResetAPeerThatSendsDataOutOfPlace() {
        peer.connect();
        final int transferId = grantLargePut(1, 50_000);
        sendData(transferId, 60_000, 8);
        expectReset();
        expectUsable();
    }

    @Test
    void shouldResetAPeerThatAcknowledgesWhatWasNotAsked() {
        peer.connect();
        new AcksEncoder()
                .wrapAndApplyHeader(peer.frame, 0, peer.header)
                .connectionId(peer.connectionId)
                .resultsCount(1)
                .next()
                .operationId(12345)
                .niFail((short) 0)
                .list((short) 0)
                .reserved(0)
                .mlength(8)
                .remoteOffset(0);
        peer.send(
                HEADER
                        + AcksEncoder.BLOCK_LENGTH
                        + AcksEncoder.ResultsEncoder.HEADER_SIZE
                        + AcksEncoder.ResultsEncoder.sbeBlockLength());
        expectReset();
        expectUsable();
    }

    @Test
    void shouldResetAPeerWhoseGroupIsLongerThanItsFrame() {
        peer.connect();
        new AcksEncoder()
                .wrapAndApplyHeader(peer.frame, 0, peer.header)
                .connectionId(peer.connectionId)
                .resultsCount(500);
        peer.send(HEADER + AcksEncoder.BLOCK_LENGTH + AcksEncoder.ResultsEncoder.HEADER_SIZE);
        expectReset();
        expectUsable();
    }

    @Test
    void shouldResetAPeerWhoseGroupOverflowsAnInt() {
        peer.connect();
        new AcksEncoder()
                .wrapAndApplyHeader(peer.frame, 0, peer.header)
                .connectionId(peer.connectionId)
                .resultsCount(0);
        final int group = HEADER + AcksEncoder.BLOCK_LENGTH;
        peer.frame.putShort(group, (short) 0x8001, java.nio.ByteOrder.LITTLE_ENDIAN);
        peer.frame.putShort(group + 2, (short) 0xfffe, java.nio.ByteOrder.LITTLE_ENDIAN);
        peer.send(group + AcksEncoder.ResultsEncoder.HEADER_SIZE);
        expectReset();
        expectUsable();
    }

    @Test
    void shouldFailWhatASilentPeerBegan() {
        portals.close();
        portals =
                Portals.open(
                        new Portals.Context().peerTimeoutNs(200_000_000).errorHandler(errors::add));
        ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
        queue = ni.allocateEventQueue(64);
        ni.allocatePortal(OptionSet.none(), queue, 0)
                .append(
                        new MatchEntry(memory, EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE),
                        ListKind.PRIORITY,
                        1);
        peer.close();
        peer = new RawPeer(portals.id());
        peer.connect();
        grantLargePut(1, 50_000);
        assertEquals(ReturnCode.OK, queue.await(event, WAIT_NS));
        assertEquals(EventKind.PUT, event.kind());
        assertEquals(NiFail.UNDELIVERABLE, event.niFail());
        expectReset();
        expectUsable();
    }

    @Test
    void shouldSurviveRandomFrames() {
        final long seed = Long.getLong("portals.seed", System.nanoTime());
        System.out.println("HostilePeerTest seed " + seed);
        final Random random = new Random(seed);
        peer.connect();
        final byte[] bytes = new byte[300];
        for (int i = 0; i < 20_000; i++) {
            random.nextBytes(bytes);
            peer.frame.putBytes(0, bytes);
            final int length = 1 + random.nextInt(bytes.length);
            if (random.nextInt(4) != 0) {
                shapeHeader(random);
            }
            peer.send(length);
            if (i % 1000 == 999) { // it was reset many times by now: shake hands again
                peer.connect();
            }
        }
        expectUsable();
    }

    private void shapeHeader(final Random random) {
        final int[] templates = {1, 2, 3, 4, 5, 6, 10, 11, 20, 21, 22, 30, 31};
        peer.header
                .wrap(peer.frame, 0)
                .blockLength(random.nextInt(80))
                .templateId(templates[random.nextInt(templates.length)])
                .schemaId(HeartbeatEncoder.SCHEMA_ID)
                .version(random.nextInt(3));
        if (random.nextInt(3) != 0) {
            peer.frame.putInt(HEADER, peer.connectionId, java.nio.ByteOrder.LITTLE_ENDIAN);
        }
    }
}

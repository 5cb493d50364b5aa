package org.portals4j.loopback.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portals4j.EntryOption;
import org.portals4j.InterfaceKind;
import org.portals4j.ListKind;
import org.portals4j.MatchEntry;
import org.portals4j.NetworkInterface;
import org.portals4j.OptionSet;
import org.portals4j.Portals;
import org.portals4j.wire.AtomicEncoder;
import org.portals4j.wire.MessageHeaderEncoder;
import org.portals4j.wire.ResetDecoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Atomic requests that no call can make end the connection and change nothing. */
final class HostileAtomicsTest {
    // datatype 6 is INT64, 8 FLOAT
    @ParameterizedTest
    @CsvSource({
        "18, 6, 1,  8,  8, no such operation",
        " 2,14, 0,  8,  8, no such datatype",
        " 7, 8, 0,  4,  4, BAND of FLOAT",
        "10, 6, 0,  8,  8, SWAP that fetches nothing",
        "11, 6, 1, 16, 24, CSWAP of two elements",
        "11, 6, 1,  8,  8, CSWAP without operand",
        " 2, 6, 1, 16,  8, less data than promised",
        " 2, 6, 1, -8,  8, negative length"
    })
    void shouldReset(
            final int operation,
            final int datatype,
            final int fetch,
            final long rlength,
            final int payload,
            final String what) {
        try (Arena arena = Arena.ofShared();
                Portals portals = Portals.open();
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL);
                RawPeer peer = new RawPeer(portals.id())) {
            final MemorySegment memory = arena.allocate(64);
            ni.allocatePortal(OptionSet.none(), null, 0)
                    .append(
                            new MatchEntry(memory, EntryOption.OP_PUT, EntryOption.OP_GET),
                            ListKind.PRIORITY,
                            1);
            peer.connect();
            peer.frame.setMemory(0, 200, (byte) 1);
            new AtomicEncoder()
                    .wrapAndApplyHeader(peer.frame, 0, peer.header)
                    .connectionId(peer.connectionId)
                    .operationId(1)
                    .portalIndex(0)
                    .interfaceKind((short) 0)
                    .ackRequest((short) 0)
                    .atomicOperation((short) operation)
                    .datatype((short) datatype)
                    .matchBits(0)
                    .remoteOffset(0)
                    .rlength(rlength)
                    .headerData(0)
                    .fetch((short) fetch)
                    .reserved1((short) 0)
                    .reserved2(0)
                    .reserved3(0);
            final int header = MessageHeaderEncoder.ENCODED_LENGTH;
            peer.send(header + AtomicEncoder.BLOCK_LENGTH + payload);
            peer.await(ResetDecoder.TEMPLATE_ID);
            assertEquals(-1, memory.mismatch(arena.allocate(64)), what);
        }
    }
}

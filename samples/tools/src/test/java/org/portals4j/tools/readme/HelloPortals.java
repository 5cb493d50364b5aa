package org.portals4j.tools.readme;

import org.portals4j.*;

import java.lang.foreign.Arena;

/** The example of the root README, which shows the lines between the marks. */
final class HelloPortals {
    private HelloPortals() {}

    static String run() {
        // begin
        try (Arena arena = Arena.ofShared();
                Portals portals = Portals.open(new Portals.Context().transport("loopback"));
                NetworkInterface ni = portals.networkInterface(InterfaceKind.MATCHING_PHYSICAL)) {
            var inbox = arena.allocate(64); // target: where puts with match bits 42 go
            var events = ni.allocateEventQueue(16);
            var portal = ni.allocatePortal(OptionSet.none(), events, NetworkInterface.PT_ANY);
            var entry = new MatchEntry(inbox, EntryOption.OP_PUT, EntryOption.EVENT_LINK_DISABLE);
            portal.append(entry.matchBits(42), ListKind.PRIORITY, 1);

            var md = ni.bind(MemoryDescriptor.of(arena.allocateFrom("hello"))); // initiator
            var to = portals.id();
            ni.put(md, 0, md.length(), AckRequest.NO_ACK, to, portal.index(), 42, 0, 0, 0);

            var event = new Event();
            events.await(event); // PUT{ni_fail=OK, match_bits=0x2a, mlength=6, ...}
            return event.start().getString(0);
        }
        // end
    }
}

package org.portals4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.util.Map;

class ContextTest {
    private final Portals.Context context = new Portals.Context();

    @Test
    void concludesOnce() {
        context.conclude();
        assertRefused(ReturnCode.FAIL, "one context per instance", context::conclude);
    }

    @Test
    void cannotChangeAfterTheConclusion() {
        context.pid(7).conclude();
        assertRefused(ReturnCode.FAIL, "concluded", () -> context.pid(8));
        assertRefused(ReturnCode.FAIL, "concluded", () -> context.transport("udp"));
        assertRefused(ReturnCode.FAIL, "concluded", () -> context.property("a", "b"));
        assertEquals(7, context.pid());
    }

    /** Opening concludes the context, even where nothing is there to open. */
    @Test
    void openConcludes() {
        assertRefused(ReturnCode.FAIL, "class path", () -> Portals.open(context));
        assertRefused(ReturnCode.FAIL, "one context", () -> Portals.open(context));
    }

    @Test
    void refusesWhatIsOutOfRange() {
        refuses("pid=0", () -> context.pid(0));
        refuses("pid=65536", () -> context.pid(65536));
        refuses("peerTimeoutNs=9999999", () -> context.peerTimeoutNs(9_999_999));
        refuses("connectTimeoutNs=0", () -> context.connectTimeoutNs(0));
        refuses("closeTimeoutNs=-1", () -> context.closeTimeoutNs(-1));
        refuses("operationSlots=3", () -> context.operationSlots(3));
        refuses("operationSlots=65537", () -> context.operationSlots(65_537));
        refuses("peerCredit=0", () -> context.peerCredit(0));
        refuses("eagerLimit=-1", () -> context.eagerLimit(-1));
        refuses("windowBytes=-1", () -> context.windowBytes(-1));
    }

    @Test
    void acceptsTheEndsOfEveryRange() {
        context.pid(ProcessId.PID_MIN)
                .pid(ProcessId.PID_MAX)
                .pid(ProcessId.PID_ANY)
                .peerTimeoutNs(10_000_000)
                .connectTimeoutNs(1)
                .closeTimeoutNs(0)
                .operationSlots(4)
                .operationSlots(65_536)
                .peerCredit(1)
                .peerCredit(65_536)
                .eagerLimit(0)
                .windowBytes(0);
        assertEquals(65_536, context.operationSlots());
        assertEquals(0, context.eagerLimit());
    }

    @Test
    void propertiesAreCopied() {
        context.property("aeron.dir", "/x");
        final Map<String, String> before = context.properties();
        context.property("aeron.dir", "/y");
        assertEquals(Map.of("aeron.dir", "/x"), before);
        assertEquals(Map.of("aeron.dir", "/y"), context.properties());
        assertThrows(UnsupportedOperationException.class, () -> before.put("a", "b"));
    }

    private static void refuses(final String text, final Executable call) {
        assertRefused(ReturnCode.ARG_INVALID, text, call);
    }

    private static void assertRefused(
            final ReturnCode code, final String text, final Executable call) {
        final PortalsException e = assertThrows(PortalsException.class, call);
        assertEquals(code, e.code(), e::toString);
        assertTrue(e.getMessage().contains(text), e::getMessage);
    }
}

package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portals4j.PortalsException;
import org.portals4j.ReturnCode;
import org.portals4j.provider.Provider;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Properties, the node id rule and the service registration. */
class SettingsTest {
    @Test
    void shouldHaveTheMeasuredProfileAsDefault() {
        final AeronSettings settings = AeronSettings.parse(Way.AERON, Map.of());
        assertTrue(settings.embedded());
        assertNull(settings.directory());
        assertEquals(DriverIdle.ADAPTIVE, settings.idle());
        assertEquals(8192, settings.mtu());
        assertEquals(8160, settings.maxFrame());
        assertEquals(1 << 20, settings.ipcTerm());
        assertEquals(4 << 20, settings.udpTerm());
        assertTrue(settings.udpWindow() <= settings.socketBuffer());
        assertEquals(DriverIdle.BACKOFF, AeronSettings.parse(Way.IPC, Map.of()).idle());
        assertFalse(AeronSettings.parse(Way.IPC, Map.of("aeron.dir", "/x")).embedded());
    }

    @Test
    void shouldParseSizesAsAeronDoes() {
        final AeronSettings settings =
                AeronSettings.parse(
                        Way.UDP,
                        Map.of(
                                "aeron.udp.term.length", "16m",
                                "aeron.socket.buffer", "512k",
                                "aeron.mtu", "65504"));
        assertEquals(16 << 20, settings.udpTerm());
        assertEquals(512 << 10, settings.socketBuffer());
        assertEquals(512 << 10, settings.udpWindow());
        assertEquals(65472, settings.maxFrame());
    }

    @ParameterizedTest
    @CsvSource({
        "aeron.driver, both",
        "aeron.driver.idle, sometimes",
        "aeron.mtu, 64",
        "aeron.mtu, 1410",
        "aeron.mtu, 66000",
        "aeron.mtu, much",
        "aeron.ipc.term.length, 100k",
        "aeron.ipc.term.length, 32k",
        "aeron.udp.term.length, 64k",
        "aeron.ipc.stream.base, 0",
        "aeron.udp.stream, -1",
        "aeron.socket.buffer, 1k",
        "aeron.udp.window, 1g",
    })
    void shouldRefuseBadValuesByName(final String name, final String value) {
        // A term of 64 KiB is too short for a message of the default mtu.
        final Map<String, String> properties =
                value.equals("64k") ? Map.of(name, value, "aeron.mtu", "16k") : Map.of(name, value);
        final PortalsException refused =
                assertThrows(
                        PortalsException.class, () -> AeronSettings.parse(Way.AERON, properties));
        assertEquals(ReturnCode.ARG_INVALID, refused.code());
        assertTrue(refused.getMessage().contains(name), refused.getMessage());
    }

    @Test
    void shouldRefuseUnknownPropertiesAndListTheKnown() {
        final PortalsException refused =
                assertThrows(
                        PortalsException.class,
                        () -> Node.open("ipc", Node.PID_ANY, "aeron.mtuu", "8k").close());
        assertEquals(ReturnCode.ARG_INVALID, refused.code());
        assertTrue(refused.getMessage().contains("aeron.mtuu"));
        for (final String known : AeronSettings.KNOWN) {
            assertTrue(refused.getMessage().contains(known), known);
        }
    }

    @Test
    void shouldDocumentEveryProperty() throws java.io.IOException {
        final String readme = Files.readString(Path.of("README.md"));
        for (final String known : AeronSettings.KNOWN) {
            assertTrue(readme.contains("`" + known + "`"), known + " is not in README.md");
        }
    }

    @Test
    void shouldChooseNodeIdsByTheRule() {
        assertEquals(NodeId.LOOPBACK, NodeId.choose(0, Way.IPC, null));
        assertEquals(NodeId.LOOPBACK, NodeId.choose(0, Way.UDP, "127.0.0.1"));
        assertEquals(NodeId.LOOPBACK, NodeId.choose(0, Way.UDP, "lo"));
        assertEquals(0x7f000002, NodeId.choose(0x7f000002, Way.UDP, null));
        assertEquals(0x01020304, NodeId.choose(0x01020304, Way.IPC, null));
        assertEquals("10.1.2.255", NodeId.format(0x0a0102ff));
        final int byRule = NodeId.choose(0, Way.AERON, null);
        assertEquals(byRule, NodeId.choose(byRule, Way.AERON, null), "the rule's own is local");
    }

    @Test
    void shouldRefuseNodeIdsThatAreNotOfThisHost() {
        for (final String name :
                List.of("no-such-interface", "1.2.3", "203.0.113.7", "999.1.1.1")) {
            final PortalsException refused =
                    assertThrows(
                            PortalsException.class, () -> NodeId.choose(0, Way.UDP, name), name);
            assertEquals(ReturnCode.ARG_INVALID, refused.code());
        }
        final PortalsException refused =
                assertThrows(
                        PortalsException.class, () -> NodeId.choose(0xcb007107, Way.AERON, null));
        assertEquals(ReturnCode.ARG_INVALID, refused.code());
        assertTrue(refused.getMessage().contains("203.0.113.7"), refused.getMessage());
    }

    @Test
    void shouldBeFoundAsAService() {
        final Provider provider =
                ServiceLoader.load(Provider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(each -> each instanceof AeronProvider)
                        .findFirst()
                        .orElseThrow();
        assertEquals(List.of("aeron", "ipc", "udp"), provider.transports());
        assertNull(provider.probe("aeron"));
    }
}

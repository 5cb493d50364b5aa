package org.portals4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessIdTest {
    @Test
    void parsesDottedQuad() {
        assertEquals(new ProcessId(0x7f000001, 4000), ProcessId.parse("127.0.0.1:4000"));
        assertEquals(new ProcessId(-1, 1), ProcessId.parse("255.255.255.255:1"));
    }

    @Test
    void parsesDecimalNid() {
        assertEquals(new ProcessId(17, 65534), ProcessId.parse("17:65534"));
        assertEquals(new ProcessId(-1, 5), ProcessId.parse("4294967295:5"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:1", "10.1.2.3:65534", "255.0.255.0:4711"})
    void textIsReadBack(final String text) {
        assertEquals(text, ProcessId.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":1",
                "1:",
                "1",
                "1.2.3:4",
                "1.2.3.4",
                "1.2.3.4.5:6",
                "1.2.3.256:4",
                "1.2.3.-4:5",
                "1.2.3.4:0",
                "1.2.3.4:65535",
                "1.2.3.4:-1",
                "1.2.3.4:x",
                "x:1",
                "1..3.4:5",
                "4294967296:1",
                "::1:5"
            })
    void refusesAnythingElse(final String text) {
        final PortalsException e =
                assertThrows(PortalsException.class, () -> ProcessId.parse(text));
        assertEquals(ReturnCode.ARG_INVALID, e.code());
        assertTrue(e.getMessage().contains("process=" + text), e::getMessage);
    }
}

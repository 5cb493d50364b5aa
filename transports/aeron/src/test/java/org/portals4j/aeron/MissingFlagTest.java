package org.portals4j.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/** What a program is told that was started without the flag that Agrona needs. */
class MissingFlagTest {
    private static final String FLAG = "--add-exports java.base/jdk.internal.misc=ALL-UNNAMED";

    @Test
    void shouldNameTheMissingFlagEveryTime() throws IOException {
        try (ChildJvm child = new ChildJvm(List.of(), ChildMain.class, "open", "ipc")) {
            assertTrue(child.line("probe ").contains(FLAG));
            for (int i = 0; i < 2; i++) {
                final String refused = child.line("refused ");
                assertTrue(refused.startsWith("FAIL"), refused);
                assertTrue(refused.contains(FLAG), refused);
            }
        }
    }

    @Test
    void shouldOpenWithTheFlagAlone() throws Exception {
        try (ChildJvm child = new ChildJvm(ChildJvm.FLAG, ChildMain.class, "open", "aeron")) {
            assertEquals("null", child.line("probe "));
            child.line("opened");
            assertEquals(0, child.exitCode());
        }
    }
}

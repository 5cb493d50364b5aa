package org.portals4j.tools.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The example of the root README is a program that compiles and runs. */
final class ReadmeTest {
    private static final Path SOURCE =
            Path.of("src/test/java/org/portals4j/tools/readme/HelloPortals.java");
    private static final Path README = Path.of("../../README.md");

    @Test
    void shouldRun() {
        assertEquals("hello", HelloPortals.run());
    }

    @Test
    void shouldStandInTheReadme() throws IOException {
        final String source = Files.readString(SOURCE);
        final String body =
                source.substring(
                                        source.indexOf("// begin\n") + "// begin\n".length(),
                                        source.indexOf("        // end"))
                                .stripTrailing()
                                .stripIndent()
                        + "\n";
        assertTrue(
                Files.readString(README).contains("```java\n" + body + "```"),
                "README.md lacks:\n" + body);
    }
}

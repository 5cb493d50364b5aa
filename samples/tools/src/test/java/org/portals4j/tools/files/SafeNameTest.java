package org.portals4j.tools.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SafeNameTest {
    @TempDir private Path root;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/etc/passwd",
                "..",
                "../x",
                "a/../../x",
                "a/..",
                "a/./b",
                "a//b",
                "a/",
                ".",
                "a\0b",
                ".portals-part-1",
                "a/.portals-part-1"
            })
    void shouldRefuseNames(final String name) {
        assertThrows(SafeName.RefusedException.class, () -> SafeName.resolve(root, name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "a b/c\\d", "...", "..a", "a..", "-rf", "a\nb", "~"})
    void shouldAcceptNames(final String name) throws Exception {
        assertEquals(root.resolve(name), SafeName.resolve(root, name));
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        assertThrows(
                SafeName.RefusedException.class,
                () -> SafeName.resolve(root, "a/".repeat(Protocol.MAX_NAME / 2) + "b"));
    }

    @Test
    void shouldRefusePathsThroughLinks(@TempDir final Path elsewhere) throws IOException {
        Files.createSymbolicLink(root.resolve("link"), elsewhere);
        assertThrows(
                SafeName.RefusedException.class,
                () -> SafeName.createParents(root, root.resolve("link/x")));
        assertThrows(
                SafeName.RefusedException.class,
                () -> SafeName.createParents(root, root.resolve("link")));
    }

    @Test
    void shouldMakeParents() throws Exception {
        SafeName.createParents(root, root.resolve("a/b/c"));
        assertEquals(true, Files.isDirectory(root.resolve("a/b")));
    }
}

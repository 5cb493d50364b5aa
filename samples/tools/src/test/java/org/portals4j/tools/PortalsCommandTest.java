package org.portals4j.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

class PortalsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"info", "demo", "target", "put", "get", "driver"})
    void shouldExplainThemselves(final String command) {
        assertEquals(0, run(command, "--help"));
        assertTrue(out.toString().startsWith("Usage: portals " + command), out.toString());
        assertEquals("", err.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate | portals: Unmatched argument at index 0: 'frobnicate'",
                "put | Missing required parameters",
                "put /etc/hosts nowhere | 'nowhere' is not an address such as",
                "put /etc/hosts 127.0.0.1:0 | '127.0.0.1:0' is not an address such as",
                "put /no/such/file 127.0.0.1:1 | '/no/such/file' does not exist",
                "put /etc --as x 127.0.0.1:1 | --as is for a single file",
                "get x 127.0.0.1:1 /no/such/dir/file | '/no/such/dir' is not a directory",
                "target --dir /no/such/dir | '/no/such/dir' is not a directory",
                "target --dir /tmp --transport ipc | ipc needs a common media driver",
                "target --dir /tmp --transport loopback | loopback reaches no other process",
                "target --dir /tmp --nid 1.2.3 | '1.2.3' is not a node id",
                "target --dir /tmp --pid 65536 | --pid is not in",
                "demo --transport carrier-pigeon | Invalid value for option '--transport'",
                "demo --size-limit 12q | '12q' is not a size such as 100m",
                "demo --size-limit 9999999999g | is not a size such as 100m",
                "demo --dir /etc/hosts | '/etc/hosts' is not a directory",
            })
    void shouldRefuseBadArgumentsInOneLine(final String line, final String message) {
        assertEquals(2, run(line.trim().split(" ")));
        assertEquals("", out.toString());
        assertTrue(err.toString().contains(message), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().startsWith("portals"), err.toString());
    }

    @Test
    void shouldRunTheDemoInOneProcess(@TempDir final Path tree) throws IOException {
        Files.write(tree.resolve("a"), new byte[100_000]);
        Files.write(Files.createDirectory(tree.resolve("b")).resolve("c"), new byte[1]);
        assertEquals(
                0, run("demo", "--transport", "loopback", "--dir", tree.toString()), this::all);
        assertTrue(out.toString().contains("100,001"), out.toString());
        assertTrue(out.toString().contains("SHA-256"), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void shouldShowWhatThereIs() {
        assertEquals(0, run("info"), this::all);
        assertTrue(out.toString().contains("transport loopback: works"), out.toString());
        assertTrue(out.toString().contains("maxMsgSize"), out.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "17, 17", "1k, 1024", "2M, 2097152", "3g, 3221225472"})
    void shouldReadSizes(final String text, final long size) {
        assertEquals(size, new Sizes().convert(text));
    }

    private String all() {
        return out + "\n" + err;
    }

    private int run(final String... args) {
        final CommandLine command = PortalsCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(args);
    }
}

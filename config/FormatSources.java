import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or applies google-java-format (AOSP style) on every hand-written Java file below a
 * directory.
 *
 * <p>The root pom runs it as a source file on the toolchain's JDK: formatter plugins for Maven run
 * in Maven's own JVM, which may be too old to parse these sources.
 */
final class FormatSources {
    private FormatSources() {}

    /**
     * Formats the files, or fails with their names.
     *
     * @param args {@code check} or {@code apply}, and the directory to walk
     * @throws Exception when a file cannot be read, parsed or written
     */
    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        List<String> command = new ArrayList<>(List.of("--aosp"));
        command.addAll(apply ? List.of("-i") : List.of("--dry-run", "--set-exit-if-changed"));
        List<String> sources = javaSources(Path.of(args[1]));
        if (sources.isEmpty()) {
            return;
        }
        command.addAll(sources);
        PrintWriter out = new PrintWriter(System.out, true);
        int status =
                new Main(out, out, InputStream.nullInputStream())
                        .format(command.toArray(String[]::new));
        if (status != 0) {
            out.println(
                    "The files above are not in google-java-format;"
                            + " run: mvn -N -Pformat initialize");
            System.exit(status);
        }
    }

    private static List<String> javaSources(Path root) throws IOException {
        List<String> sources = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attrs) {
                        return !dir.equals(root) && isForeign(dir)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attrs) {
                        if (file.toString().endsWith(".java")) {
                            sources.add(file.toString());
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sources;
    }

    /** Build output, or a tool's own folder such as {@code .git}. */
    private static boolean isForeign(Path dir) {
        String name = dir.getFileName().toString();
        return name.startsWith(".")
                || (name.equals("target") && Files.exists(dir.resolveSibling("pom.xml")));
    }
}

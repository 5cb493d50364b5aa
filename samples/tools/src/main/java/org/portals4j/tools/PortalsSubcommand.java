package org.portals4j.tools;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code portals} that lives in another module: a class with picocli's {@code
 * Command} annotation, named in {@code META-INF/services/org.portals4j.tools.PortalsSubcommand}.
 * Its result is the exit code: 0 success, 1 failure, 2 bad arguments. A {@link CommandException}
 * that it throws becomes one line for the user.
 */
public interface PortalsSubcommand extends Callable<Integer> {}

package org.portals4j.benchmarks.compare;

import org.jspecify.annotations.Nullable;

/** What the pong process does on command; every command has one reply. */
final class PongLoop {
    private @Nullable Pong pong;

    /**
     * Does what a line says: {@code open SIDE PROFILE PING-ADDRESS}, {@code echo N}, {@code drain
     * N}, {@code close}.
     *
     * @return the reply: the address of the end opened, or "done"
     */
    String handle(final String command) {
        final String[] words = command.split(" ", 4);
        final Pong open = pong;
        switch (words[0]) {
            case "open" -> {
                final Side.Opened opened =
                        Side.openPong(Side.of(words[1]), Profile.decode(words[2]), words[3]);
                pong = opened.pong();
                return opened.address();
            }
            case "echo" -> {
                if (open != null) {
                    open.echo(Integer.parseInt(words[1]));
                }
            }
            case "drain" -> {
                if (open != null) {
                    open.drain(Integer.parseInt(words[1]));
                }
            }
            default -> {
                pong = null;
                if (open != null) {
                    open.close();
                }
            }
        }
        return "done";
    }
}

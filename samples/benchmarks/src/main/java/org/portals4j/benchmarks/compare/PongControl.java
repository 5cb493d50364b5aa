package org.portals4j.benchmarks.compare;

import org.jspecify.annotations.Nullable;
import org.portals4j.tools.ChildProcess;
import org.portals4j.tools.CommandException;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Commands the pong end: in a process of its own, or in a thread of this one. */
interface PongControl extends AutoCloseable {
    /** How long a reply may take. */
    long REPLY_SECONDS = 60;

    /** Sends a command; what the other end does then goes on beside what is done here. */
    void send(String command);

    /** Waits for the reply to the last command. */
    String awaitReply();

    @Override
    void close();

    /** Sends a command and waits for its reply. */
    default String ask(final String command) {
        send(command);
        return awaitReply();
    }

    /** Starts a process. */
    static PongControl process() throws IOException {
        return new InProcess(ChildProcess.start("the pong process", List.of("perf", "pong")));
    }

    /** Starts a thread. */
    static PongControl thread() {
        return new InThread();
    }

    /** The text of a reply. */
    private static String checked(final @Nullable String reply, final String output) {
        if (reply == null) {
            throw new CommandException("the pong end does not answer" + output);
        }
        if (reply.startsWith(PongCommand.ERROR)) {
            throw new CommandException("pong end: " + reply);
        }
        return reply.substring(reply.indexOf(' ', reply.indexOf(' ') + 1) + 1);
    }

    /** A process that reads commands from its input. */
    final class InProcess implements PongControl {
        private final ChildProcess process;
        private long number;

        private InProcess(final ChildProcess process) {
            this.process = process;
        }

        @Override
        public void send(final String command) {
            number++;
            try {
                process.write(command);
            } catch (final IOException e) {
                throw new CommandException("the pong process has ended" + process.output(), e);
            }
        }

        @Override
        public String awaitReply() {
            final String wanted = " " + number + " ";
            try {
                final String line =
                        process.awaitLine(
                                text ->
                                        text.startsWith(PongCommand.REPLY + wanted)
                                                || text.startsWith(PongCommand.ERROR + wanted),
                                REPLY_SECONDS);
                return checked(line, process.output());
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted", e);
            }
        }

        @Override
        public void close() {
            process.close();
        }
    }

    /** A thread that takes commands from a queue. */
    final class InThread implements PongControl {
        private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
        private final Thread thread;

        private InThread() {
            thread = Thread.ofPlatform().daemon().name("pong").start(this::run);
        }

        @Override
        public void send(final String command) {
            commands.add(command);
        }

        @Override
        public String awaitReply() {
            try {
                return checked(replies.poll(REPLY_SECONDS, TimeUnit.SECONDS), "");
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted", e);
            }
        }

        @Override
        public void close() {
            thread.interrupt();
        }

        private void run() {
            final PongLoop loop = new PongLoop();
            try {
                while (true) {
                    replies.add(PongCommand.answer(loop, 0, commands.take()));
                }
            } catch (final InterruptedException e) {
                loop.handle("close");
            }
        }
    }
}

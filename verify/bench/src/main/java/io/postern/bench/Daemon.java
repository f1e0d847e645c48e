package io.postern.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A process of the bench, stopped by its pid with all its children. Its output goes to a file: an access log of
/// a million lines must not pass through the process that measures.
public final class Daemon implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(2);
    private static final int TAIL_CHARS = 2_000;

    private final String name;
    private final Process process;
    private final Path log;

    private Daemon(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// @param log takes standard output and standard error
    /// @param input standard input, for what must not stand on a command line
    static Daemon start(String name, Path log, List<String> command, Map<String, String> environment, String input) {
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.outputWriter(StandardCharsets.UTF_8).append(input).flush();
            return new Daemon(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not start: " + command, e);
        }
    }

    /// Waits until somebody accepts connections on the loopback port.
    public Daemon awaitPort(int port, Duration timeout) {
        await("does not listen on port " + port, timeout, () -> accepts(port));
        return this;
    }

    /// Waits for a line with this text. @return that line
    public String awaitLine(String text, Duration timeout) {
        await("did not say '" + text + "'", timeout, () -> lines().anyMatch(line -> line.contains(text)));
        return lines().filter(line -> line.contains(text)).findFirst().orElseThrow();
    }

    /// Writes a line to its standard input.
    void tell(String line) {
        try {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(line)
                    .append('\n')
                    .flush();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " does not listen any more", e);
        }
    }

    private void await(String complaint, Duration timeout, java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (!process.isAlive()) {
                throw failed("ended with " + process.exitValue() + " before it was ready");
            }
            if (System.nanoTime() > deadline) {
                throw failed(complaint + " after " + timeout.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos()); // neither file nor port tells us
        }
    }

    private Stream<String> lines() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public IllegalStateException failed(String what) {
        String text = String.join("\n", lines().toList());
        return new IllegalStateException(name + " (pid " + process.pid() + ") " + what + "; the end of its output:\n"
                + text.substring(Math.max(0, text.length() - TAIL_CHARS)));
    }

    /// SIGTERM, and time to end by itself.
    ///
    /// @return exit status
    /// @throws IllegalStateException when it is still there after `limit`
    public int stop(Duration limit) {
        process.destroy();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("is still there " + limit.toSeconds() + " s after SIGTERM");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return process.exitValue();
    }

    /// kill -9.
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /// SIGTERM; kill -9 for whatever of it is left after ten seconds. Harmless when repeated.
    @Override
    public void close() {
        List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
        family.add(process.toHandle());
        process.toHandle().destroy();
        try {
            process.waitFor(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

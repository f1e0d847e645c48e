package io.postern.bench;

import io.postern.fixtures.TempFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The work folder of a run and every process and relay in it. Closing stops all of them, in reverse, and may be done
/// from another thread while something runs: that is what Ctrl-C does.
public final class Workbench implements AutoCloseable {
    public static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path checkout;
    private final TempFolder folder = TempFolder.create("bench");
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger logs = new AtomicInteger();
    private final Object starting = new Object();
    private @Nullable Backends backends;
    private final Probe probe = new Probe();
    private volatile boolean closed;

    private Workbench(Path checkout) {
        this.checkout = checkout;
        Certificates.write(folder);
        folder.write("here.lua", Template.fill("here.lua", Map.of()));
    }

    /// @param checkout folder in which `bin/postern` lies
    public static Workbench open(Path checkout) {
        return new Workbench(checkout);
    }

    TempFolder folder() {
        return folder;
    }

    /// Started when first asked for.
    Backends backends() {
        synchronized (starting) {
            if (backends == null) {
                backends = Backends.start(this);
            }
            return backends;
        }
    }

    Probe probe() {
        return probe;
    }

    /// Bytes that uploads have brought to the backend since the start, asked past all hops.
    long uploaded() {
        Target live = new Target(
                false,
                "127.0.0.1",
                backends().port(Origin.LIVE, Protocol.H1),
                "/live/",
                Map.of(),
                folder.file("ca.pem"));
        return Long.parseLong(probe.expectOk(live, "count"));
    }

    /// `bin/postern` of this checkout; what it starts is already built.
    String launcher() {
        return checkout.resolve("bin/postern").toString();
    }

    Path wrkScript() {
        return folder.file("here.lua");
    }

    /// 100 MiB, also what uploads send.
    Path largeFile() {
        return folder.file("files").resolve("100m");
    }

    /// The name of a file that nobody else uses.
    Path scratch() {
        return folder.file("scratch-" + logs.incrementAndGet());
    }

    void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Target localhost(int port, Origin origin) {
        return new Target(true, "localhost", port, origin.prefix(), Map.of(), folder.file("ca.pem"));
    }

    Daemon start(String name, List<String> command) {
        return start(name, command, Map.of(), "");
    }

    Daemon start(String name, List<String> command, Map<String, String> environment, String input) {
        Path log = folder.file(name + "-" + logs.incrementAndGet() + ".log");
        return keep(Daemon.start(name, log, command, environment, input));
    }

    /// A main class of ours as a process of its own.
    Daemon startJava(String name, Class<?> main, String input, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return start(name, command, Map.of(), input);
    }

    /// Runs a program to its end. @return standard output
    /// @throws IllegalStateException when it fails or is still there after `limit`
    String run(List<String> command, Duration limit) {
        return run(command, limit, Map.of());
    }

    String run(List<String> command, Duration limit, Map<String, String> environment) {
        Path errors = folder.file("run-" + logs.incrementAndGet() + ".err");
        try {
            var builder = new ProcessBuilder(command).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            AutoCloseable stop = process::destroyForcibly;
            keep(stop);
            process.getOutputStream().close();
            process.onExit().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> {
                process.destroyForcibly();
                return process;
            });
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            open.remove(stop);
            if (exit != 0) {
                throw new IllegalStateException(command.getFirst() + " ended with " + exit + ": "
                        + lastLines(output + Files.readString(errors)));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(command.getFirst() + " does not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Closes `part` when the bench ends, unless that happened already.
    public <T extends AutoCloseable> T keep(T part) {
        open.add(part);
        if (closed) {
            closeQuietly(part);
            throw new IllegalStateException("the bench is closing");
        }
        return part;
    }

    public boolean isClosing() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        for (AutoCloseable part : open.reversed()) {
            closeQuietly(part);
        }
        open.clear();
        folder.close();
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            System.err.println("bench: could not stop " + part + ": " + e);
        }
    }

    private static String lastLines(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }
}

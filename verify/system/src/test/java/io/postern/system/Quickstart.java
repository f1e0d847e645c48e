package io.postern.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A whole `bin/postern quickstart --json`, started as a person would, with its ready line read.
final class Quickstart implements AutoCloseable {
    /// The first start after a build also prepares the start cache, which takes a minute where cores are shared.
    static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static @Nullable Quickstart shared;

    private final Process process;
    private final Path data;
    private final JsonNode ready;
    private final List<String> standardOutput;
    private final List<String> standardError;

    private Quickstart(Process process, Path data, JsonNode ready, List<String> out, List<String> err) {
        this.process = process;
        this.data = data;
        this.ready = ready;
        this.standardOutput = out;
        this.standardError = err;
    }

    /// One instance for all tests that change nothing in it; stopped when the JVM ends.
    static synchronized Quickstart shared() {
        if (shared == null) {
            try {
                shared = start(Files.createTempDirectory("postern-shared"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /// Starts on any free port and waits until it is ready.
    static Quickstart start(Path data, String... more) {
        var command = new ArrayList<>(List.of(
                Checkout.launcher(), "quickstart", "--json", "--data", data.toString(), "--listen", "127.0.0.1:0"));
        command.addAll(List.of(more));
        return await(command, data);
    }

    /// As [#start], started by another program, which puts it into surroundings of its own.
    static Quickstart startUnder(List<String> program, Path data) {
        var command = new ArrayList<>(program);
        command.addAll(List.of(
                Checkout.launcher(), "quickstart", "--json", "--data", data.toString(), "--listen", "127.0.0.1:0"));
        return await(command, data);
    }

    private static Quickstart await(List<String> command, Path data) {
        var out = new CopyOnWriteArrayList<String>();
        var err = new CopyOnWriteArrayList<String>();
        var first = new CompletableFuture<String>();
        try {
            var builder = new ProcessBuilder(command);
            builder.environment().put("POSTERN_NO_BUILD", "1");
            Process process = builder.start();
            read(process.inputReader(), line -> {
                out.add(line);
                first.complete(line);
            });
            read(process.errorReader(), err::add);
            process.onExit()
                    .thenAccept(p -> first.completeExceptionally(new IllegalStateException(
                            "quickstart ended with " + p.exitValue() + ": " + String.join("\n", err))));
            JsonNode ready = JSON.readTree(first.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS));
            return new Quickstart(process, data, ready, out, err);
        } catch (Exception e) {
            throw new IllegalStateException("quickstart did not become ready: " + String.join("\n", err), e);
        }
    }

    private static void read(BufferedReader reader, java.util.function.Consumer<String> sink) {
        Thread.ofPlatform().daemon().start(() -> {
            try (reader) {
                reader.lines().forEach(sink);
            } catch (IOException | UncheckedIOException e) {
                sink.accept("(output ended: " + e.getMessage() + ")");
            }
        });
    }

    JsonNode ready() {
        return ready;
    }

    Path data() {
        return data;
    }

    Process process() {
        return process;
    }

    List<String> standardOutput() {
        return List.copyOf(standardOutput);
    }

    List<String> standardError() {
        return List.copyOf(standardError);
    }

    Path authority() {
        return Path.of(ready.path("caCertificate").asString());
    }

    int port() {
        String listen = ready.path("listen").asString();
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    String user() {
        return ready.path("users").path(0).path("userPrincipalName").asString();
    }

    String password() {
        return ready.path("users").path(0).path("password").asString();
    }

    String apiToken() {
        return ready.path("apiToken").asString();
    }

    /// The external URL of an application by its name.
    URI application(String name) {
        for (JsonNode app : ready.path("apps")) {
            if (app.path("displayName").asString().equals(name)) {
                return URI.create(app.path("externalUrl").asString());
            }
        }
        throw new IllegalArgumentException("no application '" + name + "' in " + ready);
    }

    URI url(String key) {
        return URI.create(ready.path(key).asString());
    }

    /// The connector's process.
    ProcessHandle connector() {
        return process.descendants()
                .filter(p -> p.info().commandLine().orElse("").contains("ConnectorMain"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no connector among the children"));
    }

    /// Runs another command of the launcher against this instance.
    Command.Result cli(String... arguments) {
        var command = new ArrayList<>(List.of(Checkout.launcher()));
        command.addAll(List.of(arguments));
        return Command.in(java.util.Map.of(
                        "POSTERN_URL", ready.path("api").asString(),
                        "POSTERN_TOKEN", apiToken(),
                        "POSTERN_CA", authority().toString()))
                .run(command.toArray(String[]::new));
    }

    /// SIGTERM, then waits for the end. @return exit code
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("quickstart did not stop: " + String.join("\n", standardError));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}

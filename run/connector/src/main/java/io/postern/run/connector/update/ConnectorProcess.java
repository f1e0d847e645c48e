package io.postern.run.connector.update;

import io.postern.run.connector.release.Version;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One process of the connector. Its log goes straight to this process's standard error; words and answers go through
/// standard input and output (`Supervision`). Thread-safe.
final class ConnectorProcess {
    private static final Logger LOG = LoggerFactory.getLogger("connector.updater");
    private static final JsonMapper JSON = new JsonMapper();

    /// Longer than any grace period that can be configured (10 min) and what the process adds.
    private static final Duration STOP_MAX = Duration.ofMinutes(11);

    private final String name = UUID.randomUUID().toString();
    private final Version version;
    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> serving = new CompletableFuture<>();

    private ConnectorProcess(Version version, List<String> command) throws IOException {
        this.version = version;
        var whole = new ArrayList<>(command);
        whole.addAll(List.of("--process", name));
        this.process = new ProcessBuilder(whole)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// @param options of the connector, as its command line takes them
    /// @param trial it is to serve nobody before [#serve]
    /// @throws UpdateFailed when there is no such program
    static ConnectorProcess start(Versions.Installed installed, List<String> options, boolean trial) {
        var command = new ArrayList<>(List.of(installed.starter().toString(), "connector"));
        command.addAll(options);
        command.add("--json");
        if (trial) {
            command.add("--trial");
        }
        try {
            var started = new ConnectorProcess(installed.version(), command);
            Thread.ofPlatform().daemon().name("answers").start(started::read);
            return started;
        } catch (IOException e) {
            throw new UpdateFailed("version " + installed.version() + " cannot be started (" + e.getMessage() + ")", e);
        }
    }

    String name() {
        return name;
    }

    /// What was started; the process may say another, which is a fault of the archive.
    Version version() {
        return version;
    }

    long pid() {
        return process.pid();
    }

    /// Done with the version that the process says it is, when its tunnels are up; fails when it ends before.
    CompletableFuture<String> ready() {
        return ready.copy();
    }

    CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// @throws UpdateFailed when it is not ready in time
    String awaitReady(Duration limit) {
        return await(ready, limit, "it had no tunnels");
    }

    /// Ends its trial.
    ///
    /// @throws UpdateFailed when it does not serve in time
    void serve(Duration limit) {
        say("serve");
        await(serving, limit, "it did not begin to serve");
    }

    /// The process beside it has ended.
    void alone() {
        say("alone");
    }

    /// Drains it, and waits for its end. Ends it hard when it takes longer than any grace period.
    void stop() {
        process.toHandle()
                .destroy(); // not Process.destroy, which closes the streams: the end of input means another thing
        try {
            if (!process.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("the process {} of version {} does not end; it is killed", process.pid(), version);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    private void say(String word) {
        try {
            process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
        } catch (IOException e) {
            LOG.debug("the process has ended", e); // whoever waits for it hears of that
        }
    }

    private void read() {
        try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onAnswer(line);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("answers ended", e);
        }
        ended().thenAccept(status -> {
            var gone = new UpdateFailed("the process ended with status " + status);
            ready.completeExceptionally(gone);
            serving.completeExceptionally(gone);
        });
    }

    private void onAnswer(String line) {
        try {
            JsonNode answer = JSON.readTree(line);
            if (answer.path("ready").asBoolean(false)) {
                ready.complete(answer.path("version").asString(""));
            }
            if (answer.path("serving").asBoolean(false)) {
                serving.complete(null);
            }
        } catch (JacksonException e) {
            LOG.debug("not an answer: {}", line);
        }
    }

    private static <T> T await(CompletableFuture<T> future, Duration limit, String otherwise) {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UpdateFailed failed ? failed : new UpdateFailed(otherwise, e);
        } catch (TimeoutException e) {
            throw new UpdateFailed(otherwise + " within " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpdateFailed("the updater was told to stop", e);
        }
    }
}

package io.postern.run.quickstart;

import io.postern.run.Fault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The built-in connector: a process of its own that reaches the service through the real tunnel, as a
/// connector on another machine would. Its standard input stays open as a leash: when this process dies,
/// however hard, the connector reads the end and stops too. A connector that dies is started again.
final class ConnectorProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectorProcess.class);
    /// Pause before a dead connector is started again: long enough not to spin on a broken set-up.
    private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
    /// Together with the service's own stop this stays below the 5 s that a stop may take.
    private static final Duration STOP_PATIENCE = Duration.ofMillis(2_500);
    /// The same while the launcher records for its start cache: the recording is written at the end.
    private static final Duration RECORDING_PATIENCE = Duration.ofSeconds(30);

    // exit codes of the connector (ConnectorMain)
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_REFUSED = 3;
    private static final int EXIT_DATA = 4;
    private static final int EXIT_EXPIRED = 6;

    private final List<String> command;
    private volatile Supplier<Optional<String>> token = Optional::empty;
    private volatile boolean running;
    private volatile boolean stopping;
    private volatile @Nullable Process process;
    private volatile String lastLine = "";
    private volatile boolean useless;

    private ConnectorProcess(List<String> command) {
        this.command = command;
    }

    /// Starts the process, which gets ready and waits for [#letGo].
    static ConnectorProcess start(String serviceUrl, Path data, Optional<Path> config) {
        var command = new ArrayList<>(program());
        command.addAll(List.of("--service", serviceUrl, "--data", data.toString(), "--exit-with-stdin"));
        command.addAll(List.of("--token-file", "-", "--grace", "0"));
        config.ifPresent(file -> command.addAll(List.of("--config", file.toString())));
        var connector = new ConnectorProcess(List.copyOf(command));
        connector.launch();
        return connector;
    }

    /// The service is up: lets the connector dial.
    ///
    /// @param freshToken an enrolment token where the connector has no certificate, or an expired one; asked at
    ///     each start
    void letGo(Supplier<Optional<String>> freshToken) {
        token = freshToken;
        running = true;
        Process waiting = process;
        try {
            if (waiting != null) {
                giveWord(waiting);
            }
        } catch (IOException e) {
            LOG.debug("the connector ended before it was let go", e); // its watch starts it again
        }
    }

    /// True when it ended in a way that another start would not mend: wrong configuration, damaged folder, expired
    /// certificate.
    boolean isUseless() {
        return useless;
    }

    /// The last thing that it said, for a message when it does not come up.
    String lastLine() {
        return lastLine;
    }

    @Override
    public void close() {
        stopping = true;
        Process last = process;
        if (last == null) {
            return;
        }
        try {
            last.getOutputStream().close(); // letting go of the leash is how it is asked to stop
            Duration patience = System.getProperty("postern.recording") == null ? STOP_PATIENCE : RECORDING_PATIENCE;
            if (!last.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                last.destroyForcibly();
            }
        } catch (IOException e) {
            last.destroyForcibly();
        } catch (InterruptedException e) {
            last.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// Through the launcher, which knows the connector's own jars and flags.
    private static List<String> program() {
        String launcher = System.getProperty("postern.launcher", "");
        if (launcher.isEmpty()) {
            throw new Fault("the connector cannot be started without bin/postern; start that, or add --no-connector");
        }
        return List.of(launcher, "connector");
    }

    private void launch() {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(new File("/"));
        try {
            Process started = builder.start();
            process = started;
            if (stopping) {
                started.destroy();
            }
            if (running) {
                giveWord(started);
            }
            Thread.ofPlatform().daemon().name("connector-watch").start(() -> watch(started));
        } catch (IOException e) {
            throw new Fault("the connector cannot be started (" + e.getMessage() + ")", e);
        }
    }

    private void giveWord(Process to) throws IOException {
        OutputStream leash = to.getOutputStream();
        leash.write((token.get().orElse("") + "\n").getBytes(StandardCharsets.US_ASCII));
        leash.flush();
    }

    private void watch(Process watched) {
        try (var lines = new BufferedReader(new InputStreamReader(watched.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lastLine = line;
                System.err.println("connector| " + line);
            }
            int status = watched.waitFor();
            useless = switch (status) {
                case EXIT_USAGE, EXIT_REFUSED, EXIT_DATA, EXIT_EXPIRED -> true;
                default -> false;
            };
            if (status == EXIT_EXPIRED && !stopping) {
                LOG.error("the connector's certificate has expired, so nothing that it serves can be reached; stop"
                        + " quickstart and start it again with the same --data: it registers the connector anew");
            } else if (useless && !stopping) {
                LOG.error(
                        "the connector ended with status {} and is not started again: {}; mend that and start"
                                + " quickstart again",
                        status,
                        lastLine);
            } else if (!useless) {
                Thread.sleep(RESTART_PAUSE); // Ctrl-C reaches both of us: in a moment it is clear who asked for the end
            }
            if (!stopping && !useless) {
                LOG.warn("the connector ended with status {}; it is started again", status);
                launch();
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("connector watch ended", e);
        }
    }
}

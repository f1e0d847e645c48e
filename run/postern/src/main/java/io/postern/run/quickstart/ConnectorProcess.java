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

    private final List<String> command;
    private final Supplier<Optional<String>> token;
    private volatile boolean stopping;
    private volatile @Nullable Process process;
    private volatile String lastLine = "";
    private volatile boolean useless;

    private ConnectorProcess(List<String> command, Supplier<Optional<String>> token) {
        this.command = command;
        this.token = token;
    }

    /// @param token a fresh enrolment token where the connector has no certificate yet; asked before each start
    static ConnectorProcess start(
            String serviceUrl, Path data, Optional<Path> config, Supplier<Optional<String>> token) {
        var command = new ArrayList<>(program());
        command.addAll(List.of("--service", serviceUrl, "--data", data.toString(), "--exit-with-stdin"));
        command.addAll(List.of("--token-file", "-", "--grace", "1"));
        config.ifPresent(file -> command.addAll(List.of("--config", file.toString())));
        var connector = new ConnectorProcess(List.copyOf(command), token);
        connector.launch();
        return connector;
    }

    /// True when it ended in a way that another start would not mend: wrong configuration, damaged folder.
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
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            running.getOutputStream().close(); // letting go of the leash is how it is asked to stop
            Duration patience = System.getProperty("postern.recording") == null ? STOP_PATIENCE : RECORDING_PATIENCE;
            if (!running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                running.destroyForcibly();
            }
        } catch (IOException e) {
            running.destroyForcibly();
        } catch (InterruptedException e) {
            running.destroyForcibly();
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
            OutputStream leash = started.getOutputStream();
            leash.write((token.get().orElse("") + "\n").getBytes(StandardCharsets.US_ASCII));
            leash.flush();
            Thread.ofVirtual().name("connector-watch").start(() -> watch(started));
        } catch (IOException e) {
            throw new Fault("the connector cannot be started (" + e.getMessage() + ")", e);
        }
    }

    private void watch(Process running) {
        try (var lines = new BufferedReader(new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                lastLine = line;
                System.err.println("connector| " + line);
            }
            int status = running.waitFor();
            useless = status == EXIT_USAGE || status == EXIT_REFUSED || status == EXIT_DATA;
            if (!stopping && !useless) {
                LOG.warn("the connector ended with status {}; it is started again", status);
                Thread.sleep(RESTART_PAUSE);
            }
            if (!stopping && !useless) {
                launch();
            }
        } catch (IOException | InterruptedException e) {
            LOG.debug("connector watch ended", e);
        }
    }
}

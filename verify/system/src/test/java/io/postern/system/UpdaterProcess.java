package io.postern.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// An updater with its connector, started from an installation as a service manager would, with its log read.
final class UpdaterProcess implements AutoCloseable {
    private final Process process;
    private final List<String> log;

    private UpdaterProcess(Process process) {
        this.process = process;
        this.log = Output.of(process);
    }

    /// @param data folder of the connector, beside which its token is written
    /// @param options besides service, data, token and the shortest time between two looks
    static UpdaterProcess start(Path installation, Quickstart quickstart, Path data, String... options)
            throws IOException {
        return start(Map.of(), installation, quickstart, data, options);
    }

    static UpdaterProcess start(
            Map<String, String> environment, Path installation, Quickstart quickstart, Path data, String... options)
            throws IOException {
        Path token = data.resolveSibling(data.getFileName() + ".token");
        Files.writeString(token, quickstart.cli("connector", "token").expectSuccess());
        var command = new ArrayList<>(List.of(
                installation.resolve("bin/postern").toString(),
                "updater",
                "--service",
                quickstart.url("connect").toString().replaceFirst("/$", ""),
                "--data",
                data.toString(),
                "--token-file",
                token.toString(),
                "--check-every",
                "1"));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new UpdaterProcess(builder.start());
    }

    List<String> log() {
        return log;
    }

    boolean hasLogged(String text) {
        return log.stream().anyMatch(line -> line.contains(text));
    }

    /// When the only line that holds this text was written.
    Instant logged(String text) {
        List<String> lines = log.stream().filter(line -> line.contains(text)).toList();
        if (lines.size() != 1) {
            throw new AssertionError(lines.size() + " lines with '" + text + "' in " + log);
        }
        return Instant.parse(lines.getFirst().substring(0, lines.getFirst().indexOf(' ')));
    }

    /// Of the processes that it has started.
    List<Long> connectorPids() {
        return process.children()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).contains("ConnectorMain"))
                .toList();
    }

    long connectorPid() {
        return connectorPids().getFirst();
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.toHandle().destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the updater does not stop when told to: " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

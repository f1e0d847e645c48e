package io.postern.run.connector;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/// Texts about this machine and a process on it, for the support bundle. What cannot be had is said in the text;
/// nothing here fails.
final class HostFacts {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int LOG_BYTES_MAX = 2 << 20;
    private static final int FILE_BYTES_MAX = 256 << 10;

    private HostFacts() {}

    static String process(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        var text = new StringBuilder();
        for (String part : List.of("status", "limits", "cgroup", "sched", "net/sockstat", "net/tcp", "net/tcp6")) {
            text.append("# ")
                    .append(process.resolve(part))
                    .append('\n')
                    .append(file(process.resolve(part)))
                    .append('\n');
        }
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            text.append("# open files: ").append(open.count()).append('\n');
        } catch (IOException e) {
            text.append("# open files: ").append(e).append('\n');
        }
        try {
            text.append("# listens at: ").append(OwnSockets.listening(pid)).append('\n');
        } catch (IOException e) {
            text.append("# listens at: ").append(e).append('\n');
        }
        return text.toString();
    }

    static String network() {
        var text = new StringBuilder("# interfaces\n");
        try {
            for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                text.append(one.getName())
                        .append(one.isUp() ? " up " : " down ")
                        .append("mtu ")
                        .append(one.getMTU())
                        .append(' ')
                        .append(one.getInterfaceAddresses())
                        .append('\n');
            }
        } catch (SocketException e) {
            text.append(e).append('\n');
        }
        for (String name : List.of("/etc/resolv.conf", "/proc/net/route", "/etc/nsswitch.conf")) {
            text.append("# ").append(name).append('\n');
            file(Path.of(name))
                    .lines()
                    .filter(HostFacts::isOfNames)
                    .forEach(l -> text.append(l).append('\n'));
        }
        return text.toString();
    }

    /// Of nsswitch.conf only who answers for host names.
    private static boolean isOfNames(String line) {
        return !line.matches("(#|[a-z]+:).*") || line.startsWith("hosts:");
    }

    static String metrics(String url) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .timeout(LIMIT)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | IllegalArgumentException e) {
            return url + " does not answer: " + e + "\n";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted\n";
        }
    }

    /// The last lines of a log.
    static String tail(Path log) {
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            long from = Math.max(0, channel.size() - LOG_BYTES_MAX);
            channel.position(from);
            byte[] bytes = Channels.newInputStream(channel).readNBytes(LOG_BYTES_MAX);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return from == 0 ? text : text.substring(text.indexOf('\n') + 1);
        } catch (IOException e) {
            return log + " cannot be read: " + e + "\n";
        }
    }

    /// What the system's journal keeps of the packaged service.
    static String journal() {
        if (!Files.isDirectory(Path.of("/run/systemd/system"))) {
            return "no journal on this machine; name the log's file with --log\n";
        }
        try {
            Process reading = new ProcessBuilder("journalctl", "-u", "postern-connector", "-n", "5000", "--no-pager")
                    .redirectErrorStream(true)
                    .start();
            reading.getOutputStream().close();
            return new String(reading.getInputStream().readNBytes(LOG_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "journalctl: " + e + "\n";
        }
    }

    static String file(Path path) {
        try (var in = Files.newInputStream(path)) {
            return new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return path + " cannot be read: " + e + "\n";
        }
    }
}

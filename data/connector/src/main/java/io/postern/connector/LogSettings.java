package io.postern.connector;

import io.postern.base.ByteSize;
import io.postern.base.HostPort;
import io.postern.base.config.ConfigReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Section `logs` of `connector.yaml`. What goes to standard error is not meant here.
///
/// | key | default | bounds | meaning |
/// |---|---|---|---|
/// | `folder` | `logs` in the data folder | path | where `admin.log` and `session.log` are |
/// | `admin` | true | | key events and errors |
/// | `session` | false | | every exchange with details of its processing; holds names and paths, so mind who reads it |
/// | `file-size` | 10MiB | 64KiB to 1GiB | a file that has grown so far becomes `admin.log.1` |
/// | `files` | 5 | 1 to 100 | kept of each log, the one in use among them |
/// | `send-to` | absent | `syslog+udp://HOST:PORT`, `syslog+tcp://HOST:PORT`, `syslog+unix:/PATH`, `otlp+http://...`,
/// `otlp+https://...` | both logs also go there |
///
/// @param folder empty: the default
public record LogSettings(
        Optional<Path> folder, boolean admin, boolean session, long fileBytes, int files, Optional<Target> target) {
    /// Where records go beside files.
    public sealed interface Target {
        /// RFC 5424 over UDP (RFC 5426), a datagram each.
        record SyslogUdp(HostPort address) implements Target {}

        /// RFC 5424 over TCP, with the length before each message (RFC 6587 §3.4.1).
        record SyslogTcp(HostPort address) implements Target {}

        /// RFC 5424 to a datagram socket such as `/dev/log`.
        record SyslogUnix(Path socket) implements Target {}

        /// OTLP/HTTP with JSON.
        record Otlp(URI logs) implements Target {}
    }

    private static final int SYSLOG_PORT = 514;
    private static final long FILE_BYTES = 10L << 20;
    private static final long FILE_BYTES_MIN = 64L << 10;
    private static final long FILE_BYTES_MAX = 1L << 30;

    static LogSettings read(ConfigReader logs) {
        return new LogSettings(
                logs.text("folder").map(Path::of),
                logs.flag("admin", true),
                logs.flag("session", false),
                logs.parsed(
                        "file-size", FILE_BYTES, "a size such as 10MiB, from 64KiB to 1GiB", LogSettings::fileBytes),
                (int) logs.number("files", 5, 1, 100),
                logs.parsed(
                        "send-to",
                        Optional.empty(),
                        "syslog+udp://HOST:PORT, syslog+tcp://HOST:PORT, syslog+unix:/PATH or"
                                + " otlp+http://HOST:PORT/v1/logs",
                        text -> Optional.of(target(text))));
    }

    private static Long fileBytes(String text) {
        long bytes = ByteSize.parse(text).bytes();
        if (bytes < FILE_BYTES_MIN || bytes > FILE_BYTES_MAX) {
            throw new IllegalArgumentException("too small or too large");
        }
        return bytes;
    }

    private static Target target(String text) {
        int colon = text.indexOf(':');
        String scheme = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (scheme) {
            case "syslog+udp" -> new Target.SyslogUdp(address(rest));
            case "syslog+tcp" -> new Target.SyslogTcp(address(rest));
            case "syslog+unix" -> new Target.SyslogUnix(path(rest));
            case "otlp+http", "otlp+https" -> new Target.Otlp(collector(text.substring("otlp+".length())));
            default -> throw new IllegalArgumentException("'" + scheme + "' is no kind of receiver");
        };
    }

    private static HostPort address(String text) {
        if (!text.startsWith("//")) {
            throw new IllegalArgumentException("// is missing before the host");
        }
        String authority = text.substring(2);
        boolean hasPort = authority.indexOf(':', authority.indexOf(']') + 1) >= 0;
        return HostPort.parse(hasPort ? authority : authority + ":" + SYSLOG_PORT);
    }

    private static Path path(String text) {
        Path socket = Path.of(text.startsWith("//") ? text.substring(2) : text);
        if (!socket.isAbsolute()) {
            throw new IllegalArgumentException("the socket's path is not absolute");
        }
        return socket;
    }

    private static URI collector(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host in '" + text + "'");
        }
        return uri.getPath().isEmpty() || uri.getPath().equals("/") ? uri.resolve("/v1/logs") : uri;
    }
}

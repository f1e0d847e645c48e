package io.postern.run.connector.log;

import ch.qos.logback.classic.Level;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/// A record as RFC 5424 §6 wants it:
///
///     <28>1 2026-11-21T11:19:56.045Z host postern-connector 4711 13006 - exchange failed exchange="0123..."
///
/// The event's number is the MSGID; the log's name stands before the text, since there are two.
final class SyslogMessage {
    private static final int DAEMON = 3;
    /// Beyond what RFC 5424 §6.1 asks of a receiver (2,048), within what one datagram holds.
    private static final int BYTES_MAX = 8_192;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String origin;

    /// @param host name of this machine
    SyslogMessage(String host, long pid) {
        String name = host.replaceAll("[^!-~]", "");
        origin = (name.isEmpty() ? "-" : name.substring(0, Math.min(255, name.length()))) + " postern-connector " + pid;
    }

    byte[] bytes(LogRecord record) {
        String text = "<" + (DAEMON * 8 + severity(record.level())) + ">1 " + TIME.format(record.time()) + ' ' + origin
                + ' ' + (record.event() == 0 ? "-" : Integer.toString(record.event())) + " - " + record.logger() + ": "
                + record.text();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= BYTES_MAX ? bytes : Arrays.copyOf(bytes, BYTES_MAX);
    }

    private static int severity(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}

package io.postern.run.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.postern.domain.event.AccessBatch;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes a batch of exchanges, a line each, as text or as JSON objects. By hand and into one buffer,
/// because at full load these lines are nearly all that is logged. Thread-safe.
final class AccessLines {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final boolean json;
    private final StringBuilder out = new StringBuilder(16 * 1024);
    private long second = Long.MIN_VALUE;
    private String secondText = "";
    private String clockText = ""; // the same, as the other lines of the text log show it

    AccessLines(boolean json) {
        this.json = json;
    }

    /// The batch that an event carries, if it does.
    static @Nullable AccessBatch batchIn(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        return arguments != null && arguments.length == 1 && arguments[0] instanceof AccessBatch batch ? batch : null;
    }

    synchronized byte[] encode(AccessBatch batch, String level) {
        out.setLength(0);
        batch.events().forEach(event -> line(event, level));
        byte[] lines = out.toString().getBytes(StandardCharsets.UTF_8);
        if (out.capacity() > 1024 * 1024) {
            out.setLength(0);
            out.trimToSize();
        }
        return lines;
    }

    private void line(AccessEvent event, String level) {
        time(event.time());
        if (json) {
            out.append("{\"time\":\"").append(secondText);
            micros(event.time());
            out.append("Z\",\"level\":\"").append(level).append("\",\"logger\":\"access\",\"message\":\"exchange\"");
        } else {
            out.append(clockText);
            out.append('.');
            digits(event.time().get(ChronoField.MILLI_OF_SECOND), 100);
            out.append(' ')
                    .append(level)
                    .append("  access       exchange time=\"")
                    .append(secondText);
            micros(event.time());
            out.append("Z\"");
        }
        text("exchange", event.exchange());
        text("clientAddress", event.clientAddress());
        text("method", event.method());
        text("host", event.host());
        text("path", event.path());
        text("application", event.application());
        text("user", event.user());
        text("connector", event.connector());
        text("outcome", event.outcome());
        number("status", event.status());
        text("reason", event.cause().map(Cause::reason));
        number("requestBytes", event.requestBytes());
        number("responseBytes", event.responseBytes());
        number("admittedMicros", event.micros().admitted());
        number("forwardedMicros", event.micros().forwarded());
        number("firstByteMicros", event.micros().firstByte());
        number("doneMicros", event.micros().done());
        out.append(json ? "}\n" : "\n");
    }

    /// The text of a second is made once.
    private void time(Instant time) {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            secondText = SECONDS.format(LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC));
            clockText = CLOCK.format(time.atZone(ZoneId.systemDefault()));
        }
    }

    private void micros(Instant time) {
        out.append('.');
        digits(time.get(ChronoField.MICRO_OF_SECOND), 100_000);
    }

    private void digits(int value, int highest) {
        for (int place = highest; place > 0; place /= 10) {
            out.append((char) ('0' + value / place % 10));
        }
    }

    private void key(String key) {
        if (json) {
            out.append(",\"").append(key).append("\":");
        } else {
            out.append(' ').append(key).append('=');
        }
    }

    private void number(String key, long value) {
        key(key);
        out.append(value);
    }

    private void text(String key, Optional<?> value) {
        if (value.isPresent()) {
            text(key, value.get().toString());
        }
    }

    /// Quoted; what could end the quotes or the line is escaped as in JSON, in text too.
    private void text(String key, String value) {
        key(key);
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                out.append("\\u00").append(Character.forDigit(c >> 4 & 15, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}

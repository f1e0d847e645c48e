package io.postern.run.connector.log;

import ch.qos.logback.classic.Level;
import java.time.Instant;
import java.util.List;

/// Records as tests need them.
final class Records {
    private Records() {}

    static LogRecord admin(String message) {
        return new LogRecord(
                Instant.parse("2026-11-21T11:19:56.045Z"),
                Level.WARN,
                "connector.serve",
                13006,
                message,
                List.of(new LogRecord.Detail("exchange", "0123"), new LogRecord.Detail("reason", "no \"route\"")));
    }

    static LogRecord session(String message) {
        return new LogRecord(
                Instant.parse("2026-11-21T11:19:57Z"), Level.INFO, LogRecord.SESSION, 0, message, List.of());
    }
}

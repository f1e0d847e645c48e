package io.postern.run.connector.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/// What one line of a log says.
///
/// @param event number of the event, 0 for those without; see docs/operate/logs.md
/// @param details in the order in which they are told, the event's number not among them
record LogRecord(Instant time, Level level, String logger, int event, String message, List<Detail> details) {
    record Detail(String key, String value) {}

    /// The session log's logger; all others belong to the Admin log.
    static final String SESSION = "connector.session";

    /// What backends and names say stands in records; a line break there must not begin a new line.
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]+");

    static LogRecord of(ILoggingEvent said) {
        List<KeyValuePair> pairs = said.getKeyValuePairs() == null ? List.of() : said.getKeyValuePairs();
        int event = pairs.stream()
                .filter(pair -> pair.key.equals("event"))
                .findFirst()
                .map(pair -> Integer.parseInt(pair.value.toString()))
                .orElse(0);
        return new LogRecord(
                said.getInstant(),
                said.getLevel(),
                said.getLoggerName(),
                event,
                plain(said.getFormattedMessage()),
                pairs.stream()
                        .filter(pair -> !pair.key.equals("event"))
                        .map(pair -> new Detail(pair.key, plain(String.valueOf(pair.value))))
                        .toList());
    }

    boolean isSession() {
        return logger.equals(SESSION);
    }

    /// Message and details, as in the files.
    String text() {
        var text = new StringBuilder(200).append(message);
        for (Detail detail : details) {
            text.append(' ')
                    .append(detail.key())
                    .append("=\"")
                    .append(detail.value().replace("\"", "'"))
                    .append('"');
        }
        return text.toString();
    }

    private static String plain(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }
}

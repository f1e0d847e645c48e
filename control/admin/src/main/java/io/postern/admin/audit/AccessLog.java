package io.postern.admin.audit;

import io.postern.domain.event.AccessEvent;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// One line for each exchange in the log `access`, as key-value pairs that a JSON encoder keeps apart.
/// Never a query string, a cookie or a token.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    void write(AccessEvent event) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("time", event.time())
                .addKeyValue("exchange", event.exchange())
                .addKeyValue("clientAddress", event.clientAddress())
                .addKeyValue("method", event.method())
                .addKeyValue("host", event.host())
                .addKeyValue("path", event.path());
        line = add(line, "application", event.application());
        line = add(line, "user", event.user());
        line = add(line, "connector", event.connector());
        line.addKeyValue("outcome", event.outcome())
                .addKeyValue("status", event.status())
                .addKeyValue("requestBytes", event.requestBytes())
                .addKeyValue("responseBytes", event.responseBytes())
                .addKeyValue("admittedMicros", event.micros().admitted())
                .addKeyValue("forwardedMicros", event.micros().forwarded())
                .addKeyValue("firstByteMicros", event.micros().firstByte())
                .addKeyValue("doneMicros", event.micros().done())
                .log("exchange");
    }

    private static LoggingEventBuilder add(LoggingEventBuilder line, String key, Optional<?> value) {
        return value.isPresent() ? line.addKeyValue(key, value.get()) : line;
    }
}

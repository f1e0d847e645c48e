package io.postern.run.service;

import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.postern.domain.event.AccessBatch;

/// Lines for people: the clock's time, level, logger, message, keys, the first lines of a stack.
final class TextLines extends PatternLayoutEncoder {
    private final AccessLines accesses = new AccessLines(false);

    TextLines() {
        setPattern("%d{HH:mm:ss.SSS} %-5level %-12.12logger{0} %msg %kvp%n%ex{short}");
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        AccessBatch batch = AccessLines.batchIn(event);
        return batch == null
                ? super.encode(event)
                : accesses.encode(batch, event.getLevel().toString());
    }
}

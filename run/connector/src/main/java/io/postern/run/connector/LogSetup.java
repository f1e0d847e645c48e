package io.postern.run.connector;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;

/// Logging without a file: one stream to standard error, as text, as one JSON object a line, or for the journal. Found
/// by Logback as a service; [#choose(String, boolean)] must run before the first logger is asked for.
public final class LogSetup extends ContextAwareBase implements Configurator {
    /// What backends and names say stands in messages; a line break there must not begin a new line.
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %logger{0} %replace(%msg %kvp){'[\\r\\n\\x00-\\x1f]+', ' '}%n";

    /// For journald, which knows the time and reads the severity of a line from its beginning (sd-daemon(3)).
    private static final String JOURNAL =
            "<%replace(%replace(%replace(%replace(%level){'ERROR','3'}){'WARN','4'}){'INFO','6'}){'DEBUG|TRACE','7'}>"
                    + "%logger{0} %replace(%msg %kvp){'[\\r\\n\\x00-\\x1f]+', ' '}%n";

    /// What `--log-format` may be.
    public static final List<String> FORMATS = List.of("text", "json", "journal");

    private static volatile String format = "text";
    private static volatile Level level = Level.INFO;

    /// For Logback, which makes one.
    public LogSetup() {}

    public static void choose(String wanted, boolean verbose) {
        format = wanted;
        level = verbose ? Level.DEBUG : Level.INFO;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(format.equals("json") ? json(context) : text(context));
        appender.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger("connector").setLevel(level);
        context.getLogger("io.postern").setLevel(level);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithThreadName(false);
        encoder.setWithContext(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(format.equals("journal") ? JOURNAL : PATTERN);
        encoder.start();
        return encoder;
    }
}

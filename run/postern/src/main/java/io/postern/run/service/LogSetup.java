package io.postern.run.service;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// One stream of logs on standard error, ours and the libraries'; text for people or one JSON object a line.
public final class LogSetup {
    /// How a line looks.
    public enum Format {
        TEXT,
        JSON
    }

    /// From which weight on lines are written.
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    private LogSetup() {}

    /// Replaces whatever was set up before.
    public static void apply(Format format, Level level) {
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder(format, context));
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(ch.qos.logback.classic.Level.toLevel(level.name()));
        root.addAppender(appender);
        // libraries tell at INFO what belongs into their own debugging
        for (String quiet : new String[] {"io.helidon", "com.zaxxer.hikari", "org.flywaydb", "io.netty", "org.jdbi"}) {
            context.getLogger(quiet)
                    .setLevel(level == Level.DEBUG ? ch.qos.logback.classic.Level.INFO : atLeastWarn(level));
        }
        if (level != Level.DEBUG) {
            // logs the failed rollback of a migration that failed; what failed is told once, by the store
            context.getLogger("org.flywaydb.core.internal.jdbc").setLevel(ch.qos.logback.classic.Level.OFF);
        }
    }

    private static ch.qos.logback.classic.Level atLeastWarn(Level level) {
        return level == Level.ERROR ? ch.qos.logback.classic.Level.ERROR : ch.qos.logback.classic.Level.WARN;
    }

    private static Encoder<ILoggingEvent> encoder(Format format, LoggerContext context) {
        var encoder = format == Format.JSON ? new JsonLines() : new TextLines();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}

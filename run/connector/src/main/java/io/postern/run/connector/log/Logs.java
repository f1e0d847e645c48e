package io.postern.run.connector.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import io.postern.connector.ConnectorFault;
import io.postern.connector.ConnectorFault.Kind;
import io.postern.connector.LogSettings;
import io.postern.connector.LogSettings.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Both logs of a running connector, behind the loggers below `connector`. Standard error goes on as before; the
/// Session log never goes there.
public final class Logs implements AutoCloseable {
    /// @param connectorId told to receivers that gather the logs of many
    public record Origin(String connectorId, String host, String version) {}

    private final LogQueue queue;
    private final Logger all;
    private final Appender appender;

    private Logs(LogQueue queue, LoggerContext context) {
        this.queue = queue;
        this.all = context.getLogger("connector");
        this.appender = new Appender();
        appender.setContext(context);
        appender.start();
    }

    /// @param data the connector's data folder
    /// @throws ConnectorFault when a file or socket cannot be opened
    public static Logs open(LogSettings settings, Path data, Origin origin) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        var logs = new Logs(new LogQueue(sinks(settings, data, origin)), context);
        Logger session = context.getLogger(LogRecord.SESSION);
        session.setLevel(settings.session() ? Level.INFO : Level.OFF);
        session.setAdditive(false);
        session.addAppender(logs.appender);
        if (settings.admin()) {
            logs.all.addAppender(logs.appender);
        }
        return logs;
    }

    private static List<LogSink> sinks(LogSettings settings, Path data, Origin origin) {
        Path folder = settings.folder().orElse(data.resolve("logs"));
        var sinks = new ArrayList<LogSink>();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            if (settings.admin()) {
                sinks.add(RotatingFile.open(
                        folder.resolve("admin.log"),
                        settings.fileBytes(),
                        settings.files(),
                        record -> !record.isSession()));
            }
            if (settings.session()) {
                sinks.add(RotatingFile.open(
                        folder.resolve("session.log"), settings.fileBytes(), settings.files(), LogRecord::isSession));
            }
            if (settings.target().isPresent()) {
                sinks.add(receiver(settings.target().get(), origin));
            }
            return sinks;
        } catch (IOException e) {
            sinks.forEach(LogSink::close);
            throw new ConnectorFault(
                    Kind.DATA,
                    "the logs cannot be written to " + folder + " (" + e + "); give another 'logs.folder' or make it"
                            + " writable",
                    e);
        }
    }

    private static LogSink receiver(Target target, Origin origin) throws IOException {
        var form = new SyslogMessage(origin.host(), ProcessHandle.current().pid());
        return switch (target) {
            case Target.SyslogUdp(var address) -> new SyslogUdp(address, form);
            case Target.SyslogTcp(var address) -> new SyslogTcp(address, form);
            case Target.SyslogUnix(var socket) -> new SyslogUnix(socket, form);
            case Target.Otlp(var logs) ->
                new Otlp(
                        logs,
                        Map.of(
                                "service.name", "postern-connector",
                                "service.version", origin.version(),
                                "service.instance.id", origin.connectorId(),
                                "host.name", origin.host()));
        };
    }

    /// Records that nobody got, for the metrics.
    public long dropped() {
        return queue.dropped();
    }

    /// Writes what waits.
    @Override
    public void close() {
        all.detachAppender(appender);
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(LogRecord.SESSION)
                .detachAppender(appender);
        queue.close();
    }

    private final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent said) {
            queue.add(LogRecord.of(said));
        }
    }
}

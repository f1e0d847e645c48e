/// Main of the connector, shipped alone.
@org.jspecify.annotations.NullMarked
module io.postern.run.connector {
    requires io.postern.connector;
    requires info.picocli;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires io.netty.buffer;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires java.net.http;
    requires jdk.httpserver;
    requires tools.jackson.databind;

    exports io.postern.run.connector;

    opens io.postern.run.connector to
            info.picocli;
    opens io.postern.run.connector.release to
            info.picocli;
    opens io.postern.run.connector.update to
            info.picocli;

    provides ch.qos.logback.classic.spi.Configurator with
            io.postern.run.connector.LogSetup;
}

/// Main of the connector, shipped alone.
@org.jspecify.annotations.NullMarked
module io.postern.run.connector {
    requires io.postern.connector;
    requires info.picocli;
    requires io.prometheus.metrics.core;
    requires io.prometheus.writer.text;

    exports io.postern.run.connector;

    opens io.postern.run.connector to
            info.picocli;
}

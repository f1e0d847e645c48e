/// Main and command line: builds the rooms with constructors, starts and stops them. Floor 5.
@org.jspecify.annotations.NullMarked
module io.postern.run {
    requires io.postern.gateway;
    requires io.postern.identity;
    requires io.postern.admin;
    requires io.postern.run.connector;
    requires io.postern.sense;
    requires io.postern.token;
    requires info.picocli;
    requires tools.jackson.databind;
    requires io.prometheus.metrics.core;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.instrumentation.jvm;
    requires java.net.http;
    requires jul.to.slf4j;

    exports io.postern.run;

    opens io.postern.run to
            info.picocli;
}

/// Main and command line: builds the rooms with constructors, starts and stops them. Floor 5.
@org.jspecify.annotations.NullMarked
module io.postern.run {
    requires io.postern.gateway;
    requires io.postern.identity;
    requires io.postern.admin;
    requires io.postern.sense;
    requires io.postern.token;
    requires info.picocli;
    requires org.snakeyaml.engine; // files of applications, with the places of faults in them
    requires tools.jackson.databind;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires io.prometheus.metrics.instrumentation.jvm;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires java.logging;
    requires java.net.http;
    requires jdk.management; // how many files may be open
    requires jdk.httpserver; // for the loopback port that operators read, no stranger reaches it
    requires jul.to.slf4j;

    opens io.postern.run to
            info.picocli;
    opens io.postern.run.cli to
            info.picocli;
    opens io.postern.run.service to
            info.picocli;
    opens io.postern.run.quickstart to
            info.picocli;
}

/// The public side: listen, route, admit, forward. Floor 4 of the data plane: sees no JDBC, no store,
/// no identity provider.
@org.jspecify.annotations.NullMarked
module io.postern.gateway {
    requires transitive io.postern.domain;
    requires transitive io.postern.tunnel;
    requires io.postern.net;
    requires io.postern.token;
    requires io.postern.translate;
    requires tools.jackson.databind;
    requires com.github.benmanes.caffeine;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;

    exports io.postern.gateway;
    exports io.postern.gateway.edge;
    exports io.postern.gateway.intake;
    exports io.postern.gateway.probe;
}

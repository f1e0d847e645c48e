/// The on-premises process. Floor 4 of the data plane: knows no policy and no user.
@org.jspecify.annotations.NullMarked
module io.postern.connector {
    requires transitive io.postern.tunnel;
    requires tools.jackson.databind;
    requires io.prometheus.metrics.core;

    exports io.postern.connector;
}

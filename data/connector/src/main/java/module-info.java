/// The on-premises process. Floor 4 of the data plane: knows no policy and no user.
@org.jspecify.annotations.NullMarked
module io.postern.connector {
    requires transitive io.postern.tunnel;
    requires transitive io.prometheus.metrics.core;
    requires transitive io.prometheus.metrics.model;
    requires tools.jackson.databind;
    requires org.jsoup;
    requires unboundid.ldapsdk;
    requires java.security.jgss;
    requires jdk.security.jgss;
    requires jdk.security.auth;

    exports io.postern.connector;
    exports io.postern.connector.directory;
    exports io.postern.connector.enroll;
    exports io.postern.connector.form;
    exports io.postern.connector.kerberos;
    exports io.postern.connector.link;
    exports io.postern.connector.serve;
}

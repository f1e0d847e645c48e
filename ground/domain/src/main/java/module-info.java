/// Records of the field and pure decisions over them. Floor 2: no Netty, no JDBC, no clock.
@org.jspecify.annotations.NullMarked
module io.postern.domain {
    requires transitive io.postern.base;
    requires re2j;

    exports io.postern.domain;
    exports io.postern.domain.client;
    exports io.postern.domain.directory;
    exports io.postern.domain.policy;
    exports io.postern.domain.publish;
    exports io.postern.domain.snapshot;
    exports io.postern.domain.update;
    exports io.postern.domain.event;
    exports io.postern.domain.health;
    exports io.postern.domain.links;
    exports io.postern.domain.membership;
    exports io.postern.domain.claims;
    exports io.postern.domain.signon;
    exports io.postern.domain.scim;
    exports io.postern.domain.outbound;
    exports io.postern.domain.sync;
    exports io.postern.domain.federation;
    exports io.postern.domain.guest;
}

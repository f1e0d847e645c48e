/// Graph-shaped API, My Apps, publishing of snapshots, audit. Floor 4 of the control plane.
@org.jspecify.annotations.NullMarked
module io.postern.admin {
    requires transitive io.postern.store;
    requires transitive io.postern.account;
    requires transitive io.postern.web;
    requires transitive io.postern.pki;
    requires io.postern.token;
    requires io.postern.saml;
    requires java.naming;
    requires java.net.http;
    requires jakarta.mail;
    requires com.github.benmanes.caffeine;
    requires tools.jackson.databind;

    exports io.postern.admin;
    exports io.postern.admin.logging;
    exports io.postern.admin.notice;
    exports io.postern.admin.service;
}

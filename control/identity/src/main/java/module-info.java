/// The identity provider: sign-in, OpenID Provider, keys, sessions. Floor 4 of the control plane.
@org.jspecify.annotations.NullMarked
module io.postern.identity {
    requires transitive io.postern.store;
    requires transitive io.postern.account;
    requires transitive io.postern.web;
    requires transitive io.postern.token;
    requires io.postern.saml;
    requires com.github.benmanes.caffeine;
    requires com.webauthn4j.core;
    requires io.nayuki.qrcodegen;
    requires java.net.http;

    exports io.postern.identity;
}

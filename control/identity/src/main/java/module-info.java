/// The identity provider: sign-in, OpenID Provider, keys, sessions. Floor 4 of the control plane.
@org.jspecify.annotations.NullMarked
module io.postern.identity {
    requires transitive io.postern.store;
    requires transitive io.postern.account;
    requires transitive io.postern.web;
    requires io.postern.token;
    requires com.nimbusds.jose.jwt;
    requires oauth2.oidc.sdk;
    requires com.github.benmanes.caffeine;
    requires tools.jackson.databind;

    exports io.postern.identity;
}

package io.postern.identity;

import io.postern.domain.publish.Application;
import io.postern.identity.protocol.Opaque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// An authorization request as the gateway or an OpenID Connect client makes it.
final class AuthorizeLink {
    static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"; // RFC 7636 appendix B

    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final String tenant;

    private AuthorizeLink(String tenant) {
        this.tenant = tenant;
    }

    static AuthorizeLink of(String tenant, Application application, String redirectUri) {
        return new AuthorizeLink(tenant)
                .with("client_id", application.appId().value())
                .with("response_type", "code")
                .with("redirect_uri", redirectUri)
                .with("scope", "openid profile")
                .with("state", "the state")
                .with("nonce", "the nonce")
                .with("code_challenge", Opaque.challenge(VERIFIER))
                .with("code_challenge_method", "S256");
    }

    AuthorizeLink with(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    AuthorizeLink without(String name) {
        parameters.remove(name);
        return this;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    String path() {
        return "/" + tenant + "/oauth2/v2.0/authorize";
    }

    @Override
    public String toString() {
        return path() + "?"
                + parameters.entrySet().stream()
                        .map(e -> Browser.encode(e.getKey()) + "=" + Browser.encode(e.getValue()))
                        .collect(Collectors.joining("&"));
    }
}

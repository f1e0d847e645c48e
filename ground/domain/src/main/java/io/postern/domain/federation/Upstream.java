package io.postern.domain.federation;

import java.util.List;
import java.util.Optional;

/// How an upstream identity provider is spoken with.
public sealed interface Upstream {
    /// What it calls itself: `iss` of its tokens, or its entity id. Nothing that it says under another name counts.
    String issuer();

    /// Claims that are read where nobody chose others.
    ClaimMap defaultClaims();

    /// OpenID Connect, code flow.
    ///
    /// @param scopes asked for, `openid` first
    record Oidc(String issuer, String clientId, ClientProof proof, List<String> scopes) implements Upstream {
        public static final List<String> SCOPES = List.of("openid", "profile", "email");

        public Oidc {
            scopes = List.copyOf(scopes);
        }

        @Override
        public ClaimMap defaultClaims() {
            return ClaimMap.OIDC;
        }
    }

    /// How we prove to an OpenID Provider that we are its client.
    enum ClientProof {
        SECRET("clientSecret"),
        /// Signed with the tenant's own token key, which stands in its JWKS.
        PRIVATE_KEY("privateKeyJwt");

        private final String text;

        ClientProof(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        public static Optional<ClientProof> of(String text) {
            return List.of(values()).stream().filter(p -> p.text.equals(text)).findFirst();
        }
    }

    /// SAML 2.0 Web Browser SSO.
    ///
    /// @param metadataUrl asked again daily; empty for a provider whose metadata was uploaded
    /// @param keyId of our own key, under which it is sealed
    /// @param certificate of our own key, base64 DER: signs requests, decrypts assertions
    /// @param signsRequests also where the provider does not ask for it
    record Saml(String issuer, Optional<String> metadataUrl, String keyId, String certificate, boolean signsRequests)
            implements Upstream {
        @Override
        public ClaimMap defaultClaims() {
            return ClaimMap.SAML;
        }
    }
}

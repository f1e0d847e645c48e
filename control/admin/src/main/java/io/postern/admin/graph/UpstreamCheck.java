package io.postern.admin.graph;

import io.postern.admin.outside.DocumentFetcher;
import io.postern.admin.outside.FetchFault;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.Upstream;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.RefusedMessage;
import io.postern.token.UpstreamIdToken;
import io.postern.token.UpstreamMetadata;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Asks an upstream identity provider what it says of itself, and tells what of that would keep users out.
final class UpstreamCheck {
    /// @param text what was found, or what is wrong
    record Finding(boolean good, String check, String text) {}

    private final DocumentFetcher fetcher;

    UpstreamCheck(DocumentFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /// @param kept metadata that was uploaded or fetched before
    List<Finding> run(IdentityProvider provider, Optional<String> kept) {
        return switch (provider.upstream()) {
            case Upstream.Oidc oidc -> oidc(oidc);
            case Upstream.Saml saml -> saml(saml, kept);
        };
    }

    static ObjectNode shape(List<Finding> findings) {
        ObjectNode json = Shapes.object().put("passed", findings.stream().allMatch(Finding::good));
        var all = json.putArray("findings");
        findings.forEach(finding -> all.addObject()
                .put("check", finding.check())
                .put("passed", finding.good())
                .put("text", finding.text()));
        return json;
    }

    private List<Finding> oidc(Upstream.Oidc oidc) {
        var findings = new ArrayList<Finding>();
        String url = UpstreamMetadata.address(oidc.issuer());
        Optional<String> document = fetched(findings, "discovery", url);
        if (document.isEmpty()) {
            return findings;
        }
        switch (UpstreamMetadata.read(document.get(), oidc.issuer())) {
            case UpstreamMetadata.Result.Refused(String why) ->
                findings.add(new Finding(false, "discovery", "the document at '" + url + "' is not taken: " + why));
            case UpstreamMetadata.Result.Read(UpstreamMetadata metadata) -> {
                findings.add(new Finding(true, "discovery", "users sign in at " + metadata.authorizationEndpoint()));
                Optional<String> keys = fetched(findings, "keys", metadata.keysUrl());
                keys.ifPresent(text -> findings.add(
                        UpstreamIdToken.areKeys(text)
                                ? new Finding(true, "keys", "keys at " + metadata.keysUrl())
                                : new Finding(
                                        false, "keys", "'" + metadata.keysUrl() + "' has no RSA or EC key of a JWKS")));
                findings.add(new Finding(
                        true,
                        "signOut",
                        metadata.endSessionEndpoint()
                                .map(end -> "sessions end at " + end)
                                .orElse("the provider has no end_session_endpoint: sessions there stay")));
            }
        }
        return findings;
    }

    private List<Finding> saml(Upstream.Saml saml, Optional<String> kept) {
        var findings = new ArrayList<Finding>();
        Optional<String> text = saml.metadataUrl().isPresent()
                ? fetched(findings, "metadata", saml.metadataUrl().get())
                : kept;
        if (text.isEmpty()) {
            return findings;
        }
        try {
            IdpMetadata metadata = IdpMetadata.read(text.get().getBytes(StandardCharsets.UTF_8));
            findings.add(
                    metadata.entityId().equals(saml.issuer())
                            ? new Finding(true, "metadata", "users sign in at " + metadata.signInUrl())
                            : new Finding(
                                    false,
                                    "metadata",
                                    "the metadata is of '" + metadata.entityId() + "', not of '" + saml.issuer()
                                            + "'"));
            findings.add(new Finding(
                    !metadata.signing().isEmpty(),
                    "certificates",
                    metadata.signing().isEmpty()
                            ? "the metadata has no certificate for signing"
                            : "signed by certificates until "
                                    + String.join(
                                            ", ",
                                            metadata.signing().stream()
                                                    .map(X509Certificate::getNotAfter)
                                                    .map(end -> end.toInstant().toString())
                                                    .toList())));
            findings.add(new Finding(
                    true,
                    "signOut",
                    metadata.logoutUrl()
                            .map(end -> "sessions end at " + end)
                            .orElse("the provider has no SingleLogoutService by redirect: sessions there stay")));
        } catch (RefusedMessage e) {
            findings.add(new Finding(false, "metadata", "the metadata is not taken: " + e.getMessage()));
        }
        return findings;
    }

    private Optional<String> fetched(List<Finding> findings, String check, String url) {
        try {
            return Optional.of(new String(fetcher.fetch(url), StandardCharsets.UTF_8));
        } catch (FetchFault e) {
            findings.add(new Finding(false, check, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }
}

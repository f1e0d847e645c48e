package io.postern.admin.service;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.federation.Upstream;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.RefusedMessage;
import io.postern.store.IdentityProviderStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a provider is spoken with, from what a caller sent. What a provider calls itself never changes:
/// everybody's link hangs on it.
final class UpstreamDrafts {
    private UpstreamDrafts() {}

    static Upstream.Oidc oidc(Upstream.Oidc before, IdentityProviderDraft draft) {
        if (draft.oidc()
                .issuer()
                .value()
                .filter(issuer -> !issuer.equals(before.issuer()))
                .isPresent()) {
            throw Rejected.invalid(
                    "issuer", "the issuer cannot change, everybody's link hangs on it; add another identity provider");
        }
        return new Upstream.Oidc(
                before.issuer(),
                draft.oidc().clientId().or(before.clientId()),
                draft.oidc().proof().or(before.proof()),
                scopes(draft.oidc().scopes().or(before.scopes())));
    }

    static Upstream.Saml saml(Change change, IdentityProviderId id, Upstream.Saml before, IdentityProviderDraft draft) {
        draft.saml().metadata().value().ifPresent(file -> {
            IdpMetadata metadata = metadata(file);
            if (!metadata.entityId().equals(before.issuer())) {
                throw Rejected.invalid(
                        "metadata",
                        "the metadata is of '" + metadata.entityId() + "', not of '" + before.issuer()
                                + "', on which everybody's link hangs; add another identity provider");
            }
            keep(change, id, file);
        });
        return new Upstream.Saml(
                before.issuer(),
                draft.saml().metadata().given() && !draft.saml().metadataUrl().given()
                        ? Optional.empty()
                        : draft.saml().metadataUrl().orKeep(before.metadataUrl()),
                before.keyId(),
                before.certificate(),
                draft.saml().signsRequests().or(before.signsRequests()));
    }

    static IdpMetadata metadata(byte[] file) {
        try {
            IdpMetadata metadata = IdpMetadata.read(file);
            if (metadata.signing().isEmpty()) {
                throw Rejected.invalid("metadata", "the metadata has no certificate for signing (KeyDescriptor)");
            }
            checkUrl("metadata", metadata.signInUrl());
            return metadata;
        } catch (RefusedMessage e) {
            throw Rejected.invalid("metadata", "the metadata is not taken: " + e.getMessage());
        }
    }

    static void keep(Change change, IdentityProviderId id, byte[] file) {
        change.stores()
                .identityProviders()
                .keep(
                        change.tenant(),
                        id,
                        new IdentityProviderStore.Document(
                                IdentityProviders.METADATA, new String(file, StandardCharsets.UTF_8), change.now()));
    }

    static List<String> scopes(List<String> wanted) {
        var all = new ArrayList<String>(List.of("openid"));
        wanted.stream().filter(scope -> !all.contains(scope)).forEach(all::add);
        if (all.size() > 20 || all.stream().anyMatch(scope -> !scope.matches("[!#-\\[\\]-~]{1,256}"))) {
            throw Rejected.invalid("scope", "scope must be 20 words at most, without quotation marks");
        }
        return List.copyOf(all);
    }

    static void checkUrl(String field, String url) {
        try {
            var uri = new URI(url);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            throw Rejected.invalid(field, "'" + url + "' is no URL: " + e.getReason());
        }
        throw Rejected.invalid(field, "'" + url + "' must be https://host/path, without user and fragment");
    }
}

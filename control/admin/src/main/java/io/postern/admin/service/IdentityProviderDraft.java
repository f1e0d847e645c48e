package io.postern.admin.service;

import io.postern.base.Secret;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream.ClientProof;
import java.util.List;
import java.util.Map;

/// What a caller sends of an upstream identity provider.
///
/// @param claims name of the upstream's claim by name of our property; those left out stay
public record IdentityProviderDraft(
        Edit<String> displayName,
        Edit<Boolean> enabled,
        Edit<Boolean> shown,
        Edit<List<String>> domains,
        Edit<String> hint,
        Edit<Newcomers> newcomers,
        Edit<Boolean> trustsMfa,
        Edit<Boolean> signsOut,
        Edit<Map<String, String>> claims,
        Edit<List<GroupRule>> groups,
        Oidc oidc,
        Saml saml) {

    public record Oidc(
            Edit<String> issuer,
            Edit<String> clientId,
            Edit<Secret> clientSecret,
            Edit<ClientProof> proof,
            Edit<List<String>> scopes) {}

    public record Saml(Edit<byte[]> metadata, Edit<String> metadataUrl, Edit<Boolean> signsRequests) {}
}

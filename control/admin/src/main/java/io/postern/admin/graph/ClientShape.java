package io.postern.admin.graph;

import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.client.RequiredAccess;
import io.postern.store.ClientCredential;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an application says as an OAuth client and resource, added to its JSON.
final class ClientShape {
    private ClientShape() {}

    /// @param json of the application, with its object `web`
    static ObjectNode addTo(ObjectNode json, ClientSettings settings, List<ClientCredential> credentials) {
        settings(json, settings);
        ArrayNode passwords = json.putArray("passwordCredentials");
        ArrayNode keys = json.putArray("keyCredentials");
        for (ClientCredential credential : credentials) {
            switch (credential.kind()) {
                case SECRET -> passwords.add(secret(credential));
                case CERTIFICATE -> keys.add(certificate(credential));
            }
        }
        return json;
    }

    /// @param json with its object `web`
    static void settings(ObjectNode json, ClientSettings settings) {
        Shapes.texts(json.putObject("spa").putArray("redirectUris"), settings.spaRedirectUris());
        Shapes.texts(json.putObject("publicClient").putArray("redirectUris"), settings.publicRedirectUris());
        if (json.get("web") instanceof ObjectNode web) {
            text(web, "logoutUrl", settings.frontChannelLogoutUrl());
            text(web, "backChannelLogoutUrl", settings.backChannelLogoutUrl());
        }
        ArrayNode scopes = json.putObject("api").putArray("oauth2PermissionScopes");
        for (ExposedScope scope : settings.scopes()) {
            scopes.addObject()
                    .put("id", scope.id())
                    .put("value", scope.value())
                    .put("type", scope.userMayConsent() ? "User" : "Admin")
                    .put("adminConsentDisplayName", scope.displayName())
                    .put("adminConsentDescription", scope.description())
                    .put("isEnabled", scope.enabled());
        }
        ArrayNode required = json.putArray("requiredResourceAccess");
        for (RequiredAccess access : settings.requiredAccess()) {
            ObjectNode one = required.addObject().put("resourceAppId", access.resourceAppId());
            ArrayNode all = one.putArray("resourceAccess");
            access.scopes().forEach(id -> all.addObject().put("id", id).put("type", "Scope"));
            access.roles().forEach(id -> all.addObject().put("id", id).put("type", "Role"));
        }
        ObjectNode claims = json.putObject("optionalClaims");
        claims(claims.putArray("idToken"), settings.idTokenClaims());
        claims(claims.putArray("accessToken"), settings.accessTokenClaims());
        json.put("groupMembershipClaims", settings.groupClaims().text());
        settings.accessTokenLifetime()
                .ifPresentOrElse(
                        lifetime -> json.put("accessTokenLifetimeMinutes", lifetime.toMinutes()),
                        () -> json.putNull("accessTokenLifetimeMinutes"));
    }

    static ObjectNode secret(ClientCredential credential) {
        return common(credential).put("hint", credential.hint());
    }

    static ObjectNode certificate(ClientCredential credential) {
        return common(credential)
                .put("type", "AsymmetricX509Cert")
                .put("usage", "Verify")
                .put("subject", credential.hint())
                .put("thumbprint", credential.fingerprint());
    }

    private static ObjectNode common(ClientCredential credential) {
        return Shapes.object()
                .put("keyId", credential.id())
                .put("displayName", credential.displayName())
                .put("startDateTime", credential.starts().toString())
                .put("endDateTime", credential.expires().toString());
    }

    private static void claims(ArrayNode array, List<OptionalClaim> claims) {
        claims.forEach(claim -> array.addObject().put("name", claim.name()));
    }

    private static void text(ObjectNode json, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> json.put(name, text), () -> json.putNull(name));
    }
}

package io.postern.admin.graph;

import io.postern.admin.service.ClientPatch;
import io.postern.admin.service.Edit;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.client.RequiredAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Reads what an application says as an OAuth client and resource, in Graph's shape.
final class ClientForm {
    private ClientForm() {}

    /// @param web the form of property `web`, read once by the caller
    static ClientPatch read(JsonForm form, Optional<JsonForm> web) {
        Optional<JsonForm> claims = form.object("optionalClaims");
        claims.ifPresent(c -> c.unchecked("saml2Token")); // SAML claims have rules of their own
        return new ClientPatch(
                form.object("spa").map(spa -> spa.texts("redirectUris")).orElse(Edit.none()),
                form.object("publicClient")
                        .map(client -> client.texts("redirectUris"))
                        .orElse(Edit.none()),
                form.object("api")
                        .map(api -> api.objects("oauth2PermissionScopes").map(ClientForm::scopes))
                        .orElse(Edit.none()),
                form.objects("requiredResourceAccess").map(ClientForm::required),
                claims.map(c -> claims(c, "idToken")).orElse(Edit.none()),
                claims.map(c -> claims(c, "accessToken")).orElse(Edit.none()),
                form.parsed(
                        "groupMembershipClaims",
                        text -> GroupClaims.of(text)
                                .orElseThrow(() -> new IllegalArgumentException("groupMembershipClaims '" + text
                                        + "' is unknown; use None, SecurityGroup, DirectoryRole, ApplicationGroup or"
                                        + " All"))),
                web.map(w -> w.clearable("logoutUrl")).orElse(Edit.none()),
                web.map(w -> w.clearable("backChannelLogoutUrl")).orElse(Edit.none()),
                form.number("accessTokenLifetimeMinutes"));
    }

    private static List<ExposedScope> scopes(List<JsonForm> forms) {
        var scopes = new ArrayList<ExposedScope>();
        for (JsonForm form : forms) {
            String id = form.text("id").or(UUID.randomUUID().toString());
            String type = form.text("type").or("User");
            if (!type.equals("User") && !type.equals("Admin")) {
                form.fault("type", "type must be User or Admin");
            }
            form.unchecked("userConsentDisplayName");
            form.unchecked("userConsentDescription");
            try {
                scopes.add(new ExposedScope(
                        UUID.fromString(id).toString(),
                        form.text("value").or(""),
                        form.text("adminConsentDisplayName").or(""),
                        form.text("adminConsentDescription").or(""),
                        type.equals("User"),
                        form.flag("isEnabled").or(true)));
            } catch (IllegalArgumentException e) {
                form.fault("value", String.valueOf(e.getMessage()));
            }
        }
        return scopes;
    }

    private static List<RequiredAccess> required(List<JsonForm> forms) {
        var all = new ArrayList<RequiredAccess>();
        for (JsonForm form : forms) {
            var scopes = new ArrayList<String>();
            var roles = new ArrayList<String>();
            for (JsonForm access : form.objects("resourceAccess").or(List.of())) {
                String id = access.text("id").or("");
                switch (access.text("type").or("")) {
                    case "Scope" -> scopes.add(id);
                    case "Role" -> roles.add(id);
                    default -> access.fault("type", "type must be Scope or Role");
                }
            }
            all.add(new RequiredAccess(form.text("resourceAppId").or(""), scopes, roles));
        }
        return all;
    }

    private static Edit<List<OptionalClaim>> claims(JsonForm form, String token) {
        return form.objects(token)
                .map(forms -> forms.stream()
                        .map(claim -> {
                            claim.unchecked("source");
                            claim.unchecked("essential");
                            claim.unchecked("additionalProperties");
                            return new OptionalClaim(claim.text("name").or(""));
                        })
                        .toList());
    }
}

package io.postern.run.cli;

import io.postern.run.Fault;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the identity token for an application's backend would say of a user, for `postern app sso test`.
final class IdentityTokenReport {
    private final JsonNode preview;

    private IdentityTokenReport(JsonNode preview) {
        this.preview = preview;
    }

    /// Whether the backend gets one.
    static boolean isFor(JsonNode application) {
        return application
                .at("/onPremisesPublishing/singleSignOnSettings/identityToken")
                .isObject();
    }

    static IdentityTokenReport of(Api api, JsonNode application, @Nullable String user) {
        if (user == null) {
            throw new Fault("an identity token tells of somebody: add --user USER; 'postern app sso tokens' shows what"
                    + " is set");
        }
        return new IdentityTokenReport(api.post(
                "/applications/" + application.path("id").asString() + "/onPremisesPublishing/previewIdentityToken",
                Api.object().put("user", user)));
    }

    JsonNode json() {
        return preview;
    }

    void show(Screen screen) {
        screen.line("The identity token in " + preview.path("headerName").asString() + " would tell the backend of "
                + preview.path("userPrincipalName").asString() + ":");
        ((ObjectNode) preview.path("claims"))
                .properties()
                .forEach(claim -> screen.line("  " + claim.getKey() + " = "
                        + (claim.getValue().isString()
                                ? claim.getValue().asString()
                                : claim.getValue().toString())));
    }
}

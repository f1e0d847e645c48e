package io.postern.admin.graph;

import io.postern.admin.service.MetadataImport;
import io.postern.admin.service.SignOnTest;
import io.postern.admin.service.SignOns;
import io.postern.domain.claims.Claim;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.ClaimsDocument;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnDocument;
import io.postern.store.SamlCertificate;
import io.postern.web.Json;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the sign-on of an application looks like in JSON (docs/api.md "Sign-on").
final class SignOnShape {
    private SignOnShape() {}

    /// One complete read: what is set, what follows from it, and what an administrator pastes into the application.
    static ObjectNode whole(SignOns.Seen seen, String userAccessUrl) {
        ObjectNode json = Shapes.object()
                .put("id", seen.principal().id().value())
                .put("appId", seen.principal().appId().value())
                .put("displayName", seen.principal().displayName())
                .put("accountEnabled", seen.principal().accountEnabled())
                .put("appRoleAssignmentRequired", seen.principal().appRoleAssignmentRequired())
                .put("isVisibleToUsers", seen.principal().isVisible());
        json.setAll(document(seen));
        ObjectNode provider = json.putObject("identityProvider");
        provider.put(
                        "entityId",
                        seen.addresses()
                                .issuer(
                                        seen.principal().appId(),
                                        seen.signOn().claims().applicationIdInIssuer()))
                .put("loginUrl", seen.addresses().saml())
                .put("logoutUrl", seen.addresses().saml())
                .put("wsFederationUrl", seen.addresses().wsFederation())
                .put("metadataUrl", seen.addresses().metadata(seen.principal().appId()))
                .put(
                        "metadataUrlWithoutRoleDescriptor",
                        seen.addresses().plainMetadata(seen.principal().appId()));
        json.put("userAccessUrl", userAccessUrl);
        json.set("tokenSigningCertificates", certificates(seen));
        Shapes.texts(json.putArray("missing"), seen.signOn().missing());
        return json;
    }

    /// What a service principal says of it, by the original's names; the same may be patched there.
    static ObjectNode ofPrincipal(ObjectNode principal, SamlSignOn signOn) {
        principal.put("preferredSingleSignOnMode", signOn.mode().text());
        Shapes.put(principal, "loginUrl", signOn.signOnUrl());
        Shapes.put(principal, "logoutUrl", signOn.logoutUrl());
        Shapes.put(principal.putObject("samlSingleSignOnSettings"), "relayState", signOn.relayState());
        Shapes.texts(principal.putArray("notificationEmailAddresses"), signOn.notificationAddresses());
        return principal;
    }

    static ObjectNode document(SignOns.Seen seen) {
        ObjectNode json = document(seen.signOn().alone());
        seen.signOn()
                .shared()
                .ifPresent(shared -> json.putObject("claimsMappingPolicy")
                        .put("id", shared.id().value())
                        .put("displayName", shared.name()));
        return json;
    }

    static ObjectNode document(SamlSignOn signOn) {
        return (ObjectNode) Json.MAPPER.valueToTree(SignOnDocument.write(signOn));
    }

    static ObjectNode claims(ClaimsPolicy policy) {
        return (ObjectNode) Json.MAPPER.valueToTree(ClaimsDocument.write(policy));
    }

    private static ArrayNode certificates(SignOns.Seen seen) {
        ArrayNode list = Json.MAPPER.createArrayNode();
        for (SamlCertificate certificate : seen.certificates()) {
            boolean used = seen.inForce().filter(certificate::equals).isPresent();
            list.add(certificate(certificate).put("isInUse", used));
        }
        return list;
    }

    /// As the original's selfSignedCertificate; the private key has no shape.
    static ObjectNode certificate(SamlCertificate certificate) {
        return Shapes.object()
                .put(
                        "customKeyIdentifier",
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(certificate.thumbprint())))
                .put("displayName", certificate.displayName())
                .put("startDateTime", certificate.starts().toString())
                .put("endDateTime", certificate.expires().toString())
                .put("key", certificate.base64())
                .put("keyId", certificate.keyId())
                .put("thumbprint", certificate.thumbprint())
                .put("type", "AsymmetricX509Cert")
                .put("usage", "Verify")
                .put("status", certificate.active() ? "active" : "inactive");
    }

    static ObjectNode imported(MetadataImport.Imported imported, String userAccessUrl) {
        ObjectNode json = Shapes.object();
        Shapes.texts(json.putArray("imported"), imported.taken());
        ArrayNode suggestions = json.putArray("claimSuggestions");
        imported.suggestions()
                .forEach((claim, attribute) ->
                        suggestions.addObject().put("claim", claim).put("attribute", attribute));
        Shapes.texts(json.putArray("warnings"), imported.warnings());
        json.set("signOn", whole(imported.seen(), userAccessUrl));
        return json;
    }

    static ObjectNode report(SignOnTest.Report report) {
        ObjectNode json = Shapes.object().put("result", report.failed() ? "failed" : "ready");
        report.start().ifPresentOrElse(url -> json.put("startUrl", url), () -> json.putNull("startUrl"));
        json.put("startedBy", report.startedBy());
        json.put("testPageUrl", report.page());
        ArrayNode steps = json.putArray("steps");
        for (SignOnTest.Step step : report.steps()) {
            steps.addObject()
                    .put("name", step.name())
                    .put("result", step.state().name().toLowerCase(java.util.Locale.ROOT))
                    .put("detail", step.detail());
        }
        report.preview().ifPresent(preview -> json.set("preview", preview(preview)));
        return json;
    }

    static ObjectNode preview(SignOns.Preview preview) {
        ObjectNode json = Shapes.object()
                .put("userPrincipalName", preview.user().userPrincipalName())
                .put("issuer", preview.issuer())
                .put("audience", preview.audience());
        json.putObject("nameId")
                .put("format", preview.issued().nameId().format().urn())
                .put("value", preview.issued().nameId().value());
        ArrayNode claims = json.putArray("claims");
        for (Claim claim : preview.issued().claims()) {
            ObjectNode one = claims.addObject()
                    .put("name", claim.fullName())
                    .put("nameFormat", claim.nameFormat().urn());
            Shapes.texts(one.putArray("values"), List.copyOf(claim.values()));
        }
        return json.put("groupsOverage", preview.issued().groupsOverage());
    }
}

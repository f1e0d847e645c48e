package io.postern.store.sql.table;

import static io.postern.store.sql.table.PublishingText.text;

import io.postern.domain.publish.BackendSignOn;
import io.postern.domain.publish.BackendSignOn.Headers;
import io.postern.domain.publish.BackendSignOn.Kerberos;
import io.postern.domain.publish.BackendSignOn.LoginIdentity;
import io.postern.domain.publish.BackendSignOn.Mechanism;
import io.postern.domain.publish.BackendSignOn.None;
import io.postern.domain.publish.IdentityHeader;
import io.postern.domain.publish.PasswordSignOn;
import io.postern.domain.publish.SignOnSettings;
import io.postern.domain.signon.HeadersDocument;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// How users are signed in at a backend, as JSON within its publishing block.
final class SignOnText {
    private static final String MEMBER = "signOn";
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final TypeReference<Map<String, Object>> DOCUMENT = new TypeReference<>() {};

    private SignOnText() {}

    static void write(SignOnSettings settings, ObjectNode publishing) {
        settings.identityHeader()
                .ifPresent(header -> publishing
                        .putObject("identityHeader")
                        .put("name", header.name())
                        .put("audience", header.audience().orElse(null)));
        settings.backendScope().ifPresent(scope -> publishing.put("backendScope", scope));
        switch (settings.how()) {
            case None() -> {
                // absent
            }
            case Kerberos kerberos ->
                publishing
                        .putObject(MEMBER)
                        .put("mode", kerberos.graphMode())
                        .put("spn", kerberos.servicePrincipalName())
                        .put("identity", kerberos.identity().name())
                        .put("mechanism", kerberos.mechanism().name())
                        .put("mutual", kerberos.mutual());
            case Headers headers ->
                publishing
                        .set(MEMBER, JSON.valueToTree(HeadersDocument.write(headers)))
                        .withObject("/" + MEMBER)
                        .put("mode", headers.graphMode());
            case PasswordSignOn password -> write(password, publishing.putObject(MEMBER));
        }
    }

    static SignOnSettings read(JsonNode publishing) {
        JsonNode json = publishing.path(MEMBER);
        JsonNode header = publishing.path("identityHeader");
        return new SignOnSettings(
                json.isObject() ? how(json) : new None(),
                header.isObject()
                        ? Optional.of(new IdentityHeader(header.path("name").asString(), text(header, "audience")))
                        : Optional.empty(),
                text(publishing, "backendScope"));
    }

    private static void write(PasswordSignOn password, ObjectNode json) {
        json.put("mode", password.graphMode()).put("way", password.way().name()).put("page", password.page());
        password.userField().ifPresent(name -> json.put("userField", name));
        password.passwordField().ifPresent(name -> json.put("passwordField", name));
        password.proofCookie().ifPresent(name -> json.put("proofCookie", name));
        password.proofText().ifPresent(text -> json.put("proofText", text));
        password.signOut().ifPresent(path -> json.put("signOut", path));
    }

    private static BackendSignOn how(JsonNode json) {
        String mode = json.path("mode").asString();
        return switch (mode) {
            case "onPremisesKerberos" ->
                new Kerberos(
                        json.path("spn").asString(),
                        LoginIdentity.valueOf(json.path("identity").asString()),
                        Mechanism.valueOf(json.path("mechanism").asString()),
                        json.path("mutual").asBoolean());
            case "aadHeaderBased" -> {
                Map<String, Object> document = JSON.convertValue(json, DOCUMENT);
                document.remove("mode");
                yield HeadersDocument.read(document);
            }
            case "password" ->
                new PasswordSignOn(
                        PasswordSignOn.Way.valueOf(json.path("way").asString()),
                        json.path("page").asString(""),
                        text(json, "userField"),
                        text(json, "passwordField"),
                        text(json, "proofCookie"),
                        text(json, "proofText"),
                        text(json, "signOut"));
            default -> throw new IllegalStateException("publishing block has the unknown sign-on '" + mode + "'");
        };
    }
}

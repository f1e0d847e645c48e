package io.postern.store.sql.table;

import io.postern.domain.GroupId;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.federation.ClaimMap;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Settings of an upstream identity provider as one JSON document.
final class FederationText {
    private FederationText() {}

    static String write(IdentityProvider provider) {
        ObjectNode json = Columns.JSON.createObjectNode();
        json.put("enabled", provider.enabled())
                .put("shown", provider.shown())
                .put("newcomers", provider.newcomers().name())
                .put("trustsMfa", provider.trustsMfa())
                .put("signsOut", provider.signsOut());
        provider.hint().ifPresent(hint -> json.put("hint", hint));
        provider.domains().forEach(json.putArray("domains")::add);
        ObjectNode upstream =
                json.putObject("upstream").put("issuer", provider.upstream().issuer());
        switch (provider.upstream()) {
            case Upstream.Oidc oidc -> {
                upstream.put("kind", "oidc")
                        .put("clientId", oidc.clientId())
                        .put("proof", oidc.proof().name());
                oidc.scopes().forEach(upstream.putArray("scopes")::add);
            }
            case Upstream.Saml saml -> {
                upstream.put("kind", "saml")
                        .put("keyId", saml.keyId())
                        .put("certificate", saml.certificate())
                        .put("signsRequests", saml.signsRequests());
                saml.metadataUrl().ifPresent(url -> upstream.put("metadataUrl", url));
            }
        }
        ObjectNode claims = json.putObject("claims");
        provider.claims().claims().forEach(claims::put);
        var groups = json.putArray("groups");
        provider.groups()
                .forEach(rule -> groups.addObject()
                        .put("value", rule.value())
                        .put("group", rule.group().value()));
        return json.toString();
    }

    static IdentityProvider read(TenantId tenant, IdentityProviderId id, String displayName, String text) {
        JsonNode json = Columns.JSON.readTree(text);
        var claims = new TreeMap<String, String>();
        json.path("claims")
                .properties()
                .forEach(e -> claims.put(e.getKey(), e.getValue().asString()));
        var groups = new ArrayList<GroupRule>();
        json.path("groups")
                .forEach(rule -> groups.add(new GroupRule(
                        rule.path("value").asString(),
                        new GroupId(rule.path("group").asString()))));
        return new IdentityProvider(
                tenant,
                id,
                displayName,
                json.path("enabled").asBoolean(),
                json.path("shown").asBoolean(),
                texts(json.path("domains")),
                text(json.path("hint")),
                upstream(json.path("upstream")),
                Newcomers.valueOf(json.path("newcomers").asString()),
                json.path("trustsMfa").asBoolean(),
                json.path("signsOut").asBoolean(),
                new ClaimMap(claims),
                groups);
    }

    private static Upstream upstream(JsonNode json) {
        String issuer = json.path("issuer").asString();
        return json.path("kind").asString().equals("oidc")
                ? new Upstream.Oidc(
                        issuer,
                        json.path("clientId").asString(),
                        Upstream.ClientProof.valueOf(json.path("proof").asString()),
                        texts(json.path("scopes")))
                : new Upstream.Saml(
                        issuer,
                        text(json.path("metadataUrl")),
                        json.path("keyId").asString(),
                        json.path("certificate").asString(),
                        json.path("signsRequests").asBoolean());
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }
}

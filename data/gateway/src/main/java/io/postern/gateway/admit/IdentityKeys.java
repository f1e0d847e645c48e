package io.postern.gateway.admit;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.gateway.exchange.Answer;
import io.postern.gateway.exchange.ClientFacts;
import io.postern.gateway.exchange.RequestHead;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The keys by which a backend verifies what the gateway says of users (IDT-1): those of the tenant of the host's
/// applications, the next one before it signs. Public, as keys of this kind are.
final class IdentityKeys {
    private static final JsonMapper JSON = JsonMapper.shared();

    private IdentityKeys() {}

    /// @param applications on the host
    static Answer answer(RequestHead head, List<PublishedApplication> applications, ClientFacts client) {
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            Http2Headers fields = new DefaultHttp2Headers().set("allow", "GET, HEAD");
            return new Answer(405, fields, "", "method_not_allowed", Optional.empty());
        }
        Set<TenantId> tenants =
                applications.stream().map(PublishedApplication::tenant).collect(Collectors.toUnmodifiableSet());
        var json = JSON.createObjectNode();
        ArrayNode keys = json.putArray("keys");
        client.snapshot().verificationKeys().stream()
                .filter(key -> tenants.contains(key.tenant()))
                .forEach(key -> keys.add(JSON.readTree(key.jwk())));
        Http2Headers fields = new DefaultHttp2Headers()
                .set("content-type", "application/jwk-set+json")
                .set("cache-control", "public, max-age=300")
                .set("x-content-type-options", "nosniff");
        return new Answer(200, fields, JSON.writeValueAsString(json), "identity_keys", Optional.empty());
    }
}

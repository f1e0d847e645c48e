package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.identity.key.SigningKeys;
import io.postern.store.SigningKeyStore;
import io.postern.store.Tenant;
import io.postern.web.Json;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/{tenant}/v2.0/.well-known/openid-configuration` (OpenID Connect Discovery §4) and
/// `/{tenant}/discovery/v2.0/keys` (RFC 7517 §5). Public, readable by scripts of any origin.
final class DiscoveryEndpoint {
    private static final List<String> AUTHENTICATION =
            List.of("client_secret_post", "client_secret_basic", "private_key_jwt", "none");

    private final SigningKeys keys;
    private final ServiceAddress address;

    DiscoveryEndpoint(SigningKeys keys, ServiceAddress address) {
        this.keys = keys;
        this.address = address;
    }

    public void configuration(ServerResponse response, Tenant tenant, List<String> grants) {
        String base = address.origin(OwnHost.LOGIN) + "/" + tenant.id();
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("issuer", address.issuer(tenant.id()));
        body.put("authorization_endpoint", base + "/oauth2/v2.0/authorize");
        body.put("token_endpoint", base + "/oauth2/v2.0/token");
        body.put("userinfo_endpoint", base + "/oauth2/v2.0/userinfo");
        body.put("end_session_endpoint", base + "/oauth2/v2.0/logout");
        body.put("device_authorization_endpoint", base + "/oauth2/v2.0/devicecode");
        body.put("introspection_endpoint", base + "/oauth2/v2.0/introspect");
        body.put("revocation_endpoint", base + "/oauth2/v2.0/revoke");
        body.put("jwks_uri", base + "/discovery/v2.0/keys");
        list(body, "response_types_supported", List.of("code"));
        list(body, "response_modes_supported", List.of("query", "fragment", "form_post"));
        list(body, "grant_types_supported", grants);
        list(body, "subject_types_supported", List.of("public"));
        list(body, "id_token_signing_alg_values_supported", List.of("RS256"));
        list(body, "token_endpoint_auth_methods_supported", AUTHENTICATION);
        list(body, "token_endpoint_auth_signing_alg_values_supported", List.of("RS256", "PS256", "ES256", "ES384"));
        list(body, "introspection_endpoint_auth_methods_supported", AUTHENTICATION);
        list(body, "revocation_endpoint_auth_methods_supported", AUTHENTICATION);
        list(body, "acr_values_supported", Acr.SUPPORTED);
        body.put("frontchannel_logout_supported", true);
        body.put("frontchannel_logout_session_supported", true);
        body.put("backchannel_logout_supported", true);
        body.put("backchannel_logout_session_supported", true);
        list(body, "code_challenge_methods_supported", List.of("S256"));
        list(body, "scopes_supported", List.of("openid", "profile", "email", "offline_access"));
        list(body, "prompt_values_supported", List.of("none", "login", "select_account", "consent"));
        list(
                body,
                "claims_supported",
                List.of(
                        "sub",
                        "iss",
                        "aud",
                        "exp",
                        "iat",
                        "nbf",
                        "auth_time",
                        "nonce",
                        "acr",
                        "amr",
                        "sid",
                        "roles",
                        "groups",
                        "tid",
                        "oid",
                        "ver",
                        "name",
                        "given_name",
                        "family_name",
                        "preferred_username",
                        "email"));
        body.put("request_parameter_supported", false);
        body.put("request_uri_parameter_supported", false);
        body.put("authorization_response_iss_parameter_supported", true);
        publicly(response);
        Json.send(response, 200, body);
    }

    public void keys(ServerResponse response, Tenant tenant) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode array = body.putArray("keys");
        for (SigningKeyStore.Row row : keys.published(tenant.id())) {
            array.add(Json.MAPPER.readTree(row.publicJwk()));
        }
        publicly(response);
        Json.send(response, 200, body);
    }

    /// An hour: well below the day for which a new key is published before it signs.
    private static void publicly(ServerResponse response) {
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(HeaderNames.CACHE_CONTROL, "public, max-age=3600");
    }

    private static void list(ObjectNode body, String name, List<String> values) {
        values.forEach(body.putArray(name)::add);
    }
}

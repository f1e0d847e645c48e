package io.postern.identity;

import static io.postern.identity.LoginHost.SPA_CALLBACK;
import static io.postern.identity.OidcClient.claims;
import static io.postern.identity.OidcClient.json;
import static io.postern.identity.OidcClient.number;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.publish.Application;
import io.postern.identity.Browser.Answer;
import io.postern.store.PermissionGrant;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// RFC 8693: the wiki, which a user called, asks for a token for the orders in his name.
class TokenExchangeTest {
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    @TempDir
    Path folder;

    private LoginHost host;
    private Application orders;
    private OidcClient wiki;
    private String token;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        orders = host.application(host.contoso, "orders", List.of(), Optional.empty(), false, false);
        ServicePrincipalId caller = host.principal(host.wiki).id();
        host.store.write(s -> {
            s.clientSettings().put(host.contoso.id(), orders.id(), exposing("orders.read"));
            s.permissionGrants()
                    .put(new PermissionGrant(
                            host.contoso.id(),
                            "g",
                            caller,
                            Optional.empty(),
                            orders.appId().value(),
                            Set.of("orders.read"),
                            host.clock.instant()));
            return s;
        });
        wiki = new OidcClient(host, host.wiki, LoginHost.CALLBACK).withSecret(host.edgeSecret(host.wiki));
        token = new OidcClient(host, host.spa, SPA_CALLBACK)
                .signIn(host.simon, "openid api://" + host.wiki.appId() + "/user_impersonation")
                .path("access_token")
                .asString();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static ClientSettings exposing(String scope) {
        return new ClientSettings(
                List.of(),
                List.of(),
                List.of(new ExposedScope(UUID.randomUUID().toString(), scope, "Read", "", true, true)),
                List.of(),
                List.of(),
                List.of(),
                GroupClaims.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private Map<String, String> exchange(String name, String value) {
        var form = new LinkedHashMap<>(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token",
                token,
                "subject_token_type",
                ACCESS_TOKEN,
                "scope",
                "api://" + orders.appId() + "/orders.read"));
        form.put(name, value);
        return form;
    }

    @Test
    void givesATokenForTheOtherInTheUsersNameAndNothingThatOutlivesIt() {
        Answer answer = wiki.token(exchange("requested_token_type", ACCESS_TOKEN));

        assertEquals(200, answer.status(), answer.body());
        JsonNode body = json(answer);
        JsonNode said = claims(body, "access_token");
        assertEquals(ACCESS_TOKEN, body.path("issued_token_type").asString());
        assertFalse(body.has("refresh_token"));
        assertEquals(orders.appId().value(), said.path("aud").asString());
        assertEquals(host.simon.id().value(), said.path("oid").asString());
        assertEquals(host.wiki.appId().value(), said.path("azp").asString());
        assertEquals("orders.read", said.path("scp").asString());
    }

    @Test
    void takesTheResourceInPlaceOfAScope() {
        Map<String, String> form = exchange("audience", "api://" + orders.appId());
        form.remove("scope");

        Answer answer = wiki.token(form);

        assertEquals(
                "orders.read", claims(json(answer), "access_token").path("scp").asString(), answer.body());
    }

    @ParameterizedTest
    @CsvSource({
        "subject_token_type, urn:ietf:params:oauth:token-type:saml2, 90014",
        "requested_token_type, urn:ietf:params:oauth:token-type:refresh_token, 90014",
        "actor_token, x, 90014",
        "subject_token, x, 50013",
        "subject_token, '', 900144",
        "scope, api://nowhere/orders.read, 70011",
        "client_secret, wrong, 7000215"
    })
    void refusesWhatItDoesNotKnow(String name, String value, int number) {
        Answer answer = wiki.token(exchange(name, value));

        assertEquals(number, number(answer), answer.body());
    }

    @Test
    void endsWithTheSessionThatTheTokenCameFrom() {
        host.store.write(s -> s.sessions().of(host.contoso.id(), host.simon.id()).stream()
                .map(session -> s.sessions().delete(host.contoso.id(), session.id()))
                .toList());

        Answer answer = wiki.token(exchange("requested_token_type", ACCESS_TOKEN));

        assertTrue(answer.status() == 400 && number(answer) == 50132, answer.body());
    }
}

package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Accounts;
import io.postern.identity.Browser.Answer;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Security case "disabled account keeps working": nothing that was given to an account before is good afterwards.
/// What gateway, API and connectors do with it is tested where they are.
class DisabledAccountTest {
    enum Way {
        DISABLED(host -> {
            host.setEnabled(host.simon, false);
            host.store.write(s -> {
                Accounts.cutOff(s, host.contoso.id(), host.simon.id(), host.clock.instant());
                return true;
            });
        }),
        DELETED(host -> host.store.write(s -> {
            Accounts.cutOff(s, host.contoso.id(), host.simon.id(), host.clock.instant());
            return s.users().delete(host.contoso.id(), host.simon.id());
        })),
        REVOKED(host -> host.store.write(s -> {
            Accounts.voidProofs(s, host.contoso.id(), host.simon.id(), host.clock.instant());
            return true;
        }));

        @SuppressWarnings("ImmutableEnumChecker") // the steps keep nothing
        private final Consumer<LoginHost> step;

        Way(Consumer<LoginHost> step) {
            this.step = step;
        }
    }

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void open() {
        host = new LoginHost(folder);
        browser = host.browser();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @ParameterizedTest
    @EnumSource
    void theBrowsersSessionIsVoid(Way way) {
        signIn();
        assertTrue(silent().parameter("code").isPresent());

        way.step.accept(host);

        assertEquals(Optional.of("login_required"), silent().parameter("error"));
    }

    @ParameterizedTest
    @EnumSource
    void anAuthorizationCodeOnItsWayIsVoid(Way way) {
        String code = signIn().parameter("code").orElseThrow();

        way.step.accept(host);

        Answer refused = redeem(code);
        assertEquals(400, refused.status());
        assertEquals(
                "invalid_grant",
                Json.MAPPER.readTree(refused.body()).path("error").asString());
    }

    @ParameterizedTest
    @EnumSource
    void anAccessTokenTellsNothingMore(Way way) {
        String token = Json.MAPPER
                .readTree(redeem(signIn().parameter("code").orElseThrow()).body())
                .path("access_token")
                .asString();
        assertEquals(200, userInfo(token));

        way.step.accept(host);

        assertEquals(401, userInfo(token));
    }

    @ParameterizedTest
    @EnumSource
    void aRefreshTokenIsVoid(Way way) {
        var client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        String token = OidcClient.refreshToken(client.signIn(host.simon, "openid offline_access"));
        token = OidcClient.refreshToken(OidcClient.json(client.refresh(token)));

        way.step.accept(host);

        Answer refused = client.refresh(token);
        assertEquals(400, refused.status(), refused.body());
        assertEquals("invalid_grant", OidcClient.json(refused).path("error").asString());
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatTheUserConfirmedGetsNothing(Way way) {
        var client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        JsonNode code = OidcClient.json(client.post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid")));
        Answer name = browser.submit(
                browser.get("/device"),
                Map.of("user_code", code.path("user_code").asString()));
        Answer confirm = browser.signIn(name, host.simon.userPrincipalName(), PASSWORD);
        Answer allowed = browser.submit(confirm, Map.of("answer", "allow"));
        assertEquals(200, allowed.status(), allowed.body());
        host.clock.advance(Duration.ofSeconds(6));

        way.step.accept(host);

        Answer refused = client.token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                code.path("device_code").asString()));
        assertEquals(400, refused.status(), refused.body());
        assertEquals("invalid_grant", OidcClient.json(refused).path("error").asString());
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceCodeOnItsWayIsConfirmedByNobodyElse(Way way) {
        var client = new OidcClient(host, host.spa, LoginHost.SPA_CALLBACK);
        JsonNode code = OidcClient.json(client.post("/contoso/oauth2/v2.0/devicecode", Map.of("scope", "openid")));
        Answer name = browser.submit(
                browser.get("/device"),
                Map.of("user_code", code.path("user_code").asString()));
        Answer confirm = browser.signIn(name, host.simon.userPrincipalName(), PASSWORD);
        host.clock.advance(Duration.ofSeconds(6));

        way.step.accept(host);
        browser.submit(confirm, Map.of("answer", "allow"));

        Answer pending = client.token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
                code.path("device_code").asString()));
        assertEquals(
                "authorization_pending", OidcClient.json(pending).path("error").asString());
    }

    @ParameterizedTest
    @EnumSource
    void whatGatewaysGaveIsRevokedBySessionToo(Way way) {
        signIn();
        var session = host.store
                .read(s -> s.sessions().of(host.contoso.id(), host.simon.id()))
                .getFirst();

        way.step.accept(host);

        assertTrue(host.store.read(s -> s.revocations().sessions()).stream()
                .anyMatch(e -> e.session().equals(session.id())));
        assertTrue(host.store.read(s -> s.revocations().users()).stream()
                .anyMatch(u -> u.user().equals(host.simon.id())));
    }

    @Test
    void thePasswordOpensNothing() {
        Way.DISABLED.step.accept(host);

        Answer refused = browser.signIn(browser.get(link().toString()), "b.simon@contoso.example", PASSWORD);

        assertTrue(refused.body().contains("50057"), refused.body());
        assertFalse(browser.cookies.keySet().stream().anyMatch(name -> name.endsWith("session")));
    }

    private static Answer expectCode(Answer answer) {
        assertTrue(answer.parameter("code").isPresent(), answer.toString());
        return answer;
    }

    private AuthorizeLink link() {
        return AuthorizeLink.of("contoso", host.wiki, CALLBACK);
    }

    private Answer signIn() {
        return expectCode(browser.signIn(browser.get(link().toString()), "b.simon@contoso.example", PASSWORD));
    }

    private Answer silent() {
        return browser.get(link().with("prompt", "none").toString());
    }

    private Answer redeem(String code) {
        var form = new LinkedHashMap<>(Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                host.wiki.appId().value(),
                "client_secret",
                host.edgeSecret(host.wiki),
                "code",
                code,
                "redirect_uri",
                CALLBACK,
                "code_verifier",
                AuthorizeLink.VERIFIER));
        return host.browser().post("/contoso/oauth2/v2.0/token", form);
    }

    private int userInfo(String token) {
        return host.browser()
                .get("/contoso/oauth2/v2.0/userinfo", "authorization", "Bearer " + token)
                .status();
    }
}

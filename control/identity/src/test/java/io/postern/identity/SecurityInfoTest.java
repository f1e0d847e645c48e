package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.account.Methods;
import io.postern.base.Secret;
import io.postern.domain.publish.SignInSettings;
import io.postern.domain.publish.SignInSettings.MfaNeed;
import io.postern.identity.Browser.Answer;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Where users look after their methods, and the pass that lets somebody in who has lost them.
class SecurityInfoTest {
    private static final String NAME = "b.simon@contoso.example";
    private static final String PAGE = "/contoso/security-info";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        host.set(new SignInSettings(MfaNeed.NOBODY, false, false, Optional.empty()));
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer page() {
        Answer answer = browser.get(PAGE);
        return answer.body().contains("name=\"username\"") && answer.body().contains("/contoso/login")
                ? browser.followRedirects(browser.signIn(answer, NAME, PASSWORD))
                : answer;
    }

    private Answer act(Answer page, String what, Map<String, String> more) {
        var form = new java.util.LinkedHashMap<>(Map.of("csrf", page.hidden().get("csrf"), "do", what));
        form.putAll(more);
        return browser.post(PAGE, form, "origin", Browser.ORIGIN, "sec-fetch-site", "same-origin");
    }

    @Test
    void asksForASignInOfTheLastQuarterOfAnHour() {
        assertEquals(200, page().status());
        host.clock.advance(Duration.ofMinutes(14));
        assertTrue(browser.get(PAGE).body().contains("value=\"add\""));
        host.clock.advance(Duration.ofMinutes(2));
        assertTrue(browser.get(PAGE).body().contains("type=\"password\""));
    }

    @Test
    void addsRenamesAndRemovesAMethod() {
        Answer adding = act(page(), "add", Map.of());
        Answer codes = People.registers(host, browser, adding);
        assertTrue(codes.body().contains("class=\"codes\""), codes.body());
        Answer list = page();
        String totp = host.store.read(s -> s.authenticationMethods().of(host.contoso.id(), host.simon.id())).stream()
                .filter(m -> m.kind().isSecondFactor())
                .findFirst()
                .orElseThrow()
                .id();

        Answer renamed = act(list, "rename", Map.of("method", totp, "name", "<b>Telephone"));
        assertTrue(renamed.body().contains("&lt;b>Telephone"), renamed.body());
        act(renamed, "remove", Map.of("method", totp));

        assertTrue(host.store.read(s -> s.authenticationMethods().of(host.contoso.id(), host.simon.id())).stream()
                .noneMatch(m -> m.kind() != io.postern.store.AuthenticationMethod.Kind.PASSWORD));
    }

    @Test
    void changesThePasswordAndSignsOutEveryOtherDevice() {
        Browser other = host.browser();
        other.signIn(other.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString()), NAME, PASSWORD);
        host.clock.advance(Duration.ofSeconds(2));
        Answer page = page();
        var typed = Map.of("old", "wrong", "new", "a new quiet gate", "again", "a new quiet gate");
        assertEquals(400, act(page, "password", typed).status());

        Answer done =
                act(page, "password", Map.of("old", PASSWORD, "new", "a new quiet gate", "again", "a new quiet gate"));

        assertEquals(200, done.status(), done.body());
        assertTrue(browser.get(PAGE).body().contains("value=\"add\""), "this browser stays signed in");
        assertEquals(
                200,
                other.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString())
                        .status(),
                "the other one must sign in");
    }

    @Test
    void everyChangeStandsInTheAuditLogWithWhoWhereFromAndTheRequest() {
        act(page(), "password", Map.of("old", PASSWORD, "new", "a new quiet gate", "again", "a new quiet gate"));
        People.registers(host, browser, act(page(), "add", Map.of()));

        for (String activity : List.of("Change user password", "User registered security info")) {
            JsonNode entry =
                    host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.AUDIT, LogQuery.newest(20))).stream()
                            .map(e -> Json.MAPPER.readTree(e.text()))
                            .filter(e ->
                                    e.path("activityDisplayName").asString().equals(activity))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(activity));
            JsonNode by = entry.path("initiatedBy").path("user");
            assertEquals(host.simon.id().value(), by.path("id").asString());
            assertEquals(NAME, by.path("userPrincipalName").asString());
            assertEquals("B. Simon", by.path("displayName").asString());
            assertEquals("192.0.2.1", by.path("ipAddress").asString());
            assertEquals(
                    "0123456789abcdef0123456789abcdef",
                    entry.path("correlationId").asString());
        }
    }

    @Test
    void formsOfOtherSitesChangeNothing() {
        Answer page = page();
        var form = Map.of("csrf", page.hidden().get("csrf"), "do", "codes");

        Answer answer = browser.post(PAGE, form, "origin", "https://evil.example", "sec-fetch-site", "cross-site");

        assertEquals(303, answer.status());
    }

    @Test
    void aTemporaryPassSignsInOnceAsBothFactors() {
        host.set(new SignInSettings(MfaNeed.EVERYBODY, false, false, Optional.empty()));
        Methods methods = host.accounts.methods();
        Methods.Given pass =
                methods.pass(host.contoso.id(), host.simon.id(), Duration.ofHours(1), true, Optional.empty());
        host.store.write(s -> {
            Methods.keep(s, host.simon, pass);
            return true;
        });
        String typed = pass.text().toUpperCase(java.util.Locale.ROOT).replace("-", " ");

        Answer first = with(typed);
        browser = host.browser();
        Answer second = with(typed);

        assertTrue(first.parameter("code").isPresent(), first.toString());
        var session = host.store
                .read(s -> s.sessions().of(host.contoso.id(), host.simon.id()))
                .getFirst();
        assertEquals(Set.of("tap", "mfa"), session.methods());
        assertEquals(400, second.status());
        assertTrue(second.body().contains("AADSTS130503"));
        assertFalse(methods.usePass(Optional.of(host.simon), Secret.of(typed)));
    }

    private Answer with(String pass) {
        Answer page =
                browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
        return browser.submit(page, Map.of("username", NAME, "password", pass, "way", "pass"));
    }
}

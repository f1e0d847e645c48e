package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.publish.SignInSettings;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the sign-in log tells (5.1).
class SignInLogTest {
    @TempDir
    static Path folder;

    private static LoginHost host;

    @BeforeAll
    static void open() {
        host = new LoginHost(folder);
    }

    @AfterAll
    static void close() {
        host.close();
    }

    @Test
    void tellsWhoSignedInToWhatFromWhereAndHow() {
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        Browser browser = host.browser();
        AuthorizeLink link = AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK);
        String firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        Browser.Answer page = browser.get(link.toString(), "user-agent", firefox);
        var form = new java.util.LinkedHashMap<>(page.hidden());
        form.put("username", "B.Simon@contoso.example");
        form.put("password", LoginHost.PASSWORD);
        browser.post(
                page.action(), form, "origin", Browser.ORIGIN, "sec-fetch-site", "same-origin", "user-agent", firefox);

        JsonNode entry = newest(host.contoso);

        assertEquals(0, entry.path("status").path("errorCode").asInt());
        assertEquals(host.simon.id().value(), entry.path("userId").asString());
        assertEquals("b.simon@contoso.example", entry.path("userPrincipalName").asString());
        assertEquals("B. Simon", entry.path("userDisplayName").asString());
        assertEquals(host.wiki.appId().value(), entry.path("appId").asString());
        assertEquals("wiki", entry.path("appDisplayName").asString());
        assertEquals("192.0.2.1", entry.path("ipAddress").asString());
        assertEquals(
                "0123456789abcdef0123456789abcdef", entry.path("correlationId").asString());
        assertEquals("Firefox 140.0", entry.path("deviceDetail").path("browser").asString());
        assertEquals("Linux", entry.path("deviceDetail").path("operatingSystem").asString());
        assertEquals("Browser", entry.path("clientAppUsed").asString());
        assertTrue(entry.path("isInteractive").asBoolean());
        assertEquals(
                "Password",
                entry.path("authenticationDetails")
                        .path(0)
                        .path("authenticationMethod")
                        .asString());
        assertEquals("notApplied", entry.path("conditionalAccessStatus").asString());
        assertEquals("", entry.path("location").path("city").asString());
        assertFalse(entry.path("sessionId").asString().isEmpty());

        browser.get(link.toString());
        assertFalse(newest(host.contoso).path("isInteractive").asBoolean(), "the session sufficed");
    }

    /// What reviews of assignments are made from; a failed sign-in is no use.
    @Test
    void anAssignmentRemembersWhenItWasLastUsed() {
        User reader = host.user(host.contoso, "last.used", "Last Used");
        host.set(new SignInSettings(SignInSettings.MfaNeed.NOBODY, false, false, Optional.empty()));
        host.assign(reader, host.wiki);
        Browser browser = host.browser("192.0.2.11");
        String link = AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString();

        browser.signIn(browser.get(link), "last.used@contoso.example", "not it");
        assertTrue(lastUse(reader).isEmpty());
        browser.signIn(browser.get(link), "last.used@contoso.example", LoginHost.PASSWORD);
        assertTrue(lastUse(reader).isPresent());
    }

    private static Optional<Instant> lastUse(User user) {
        return host.store
                .read(s -> s.assignments().ofPrincipal(user.tenant(), user.id().value()))
                .getFirst()
                .lastUsed();
    }

    @Test
    void tellsWhyASignInFailed() {
        Browser browser = host.browser("192.0.2.9");
        Browser.Answer page = browser.get(
                AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString());
        browser.signIn(page, "b.simon@contoso.example", "not it");

        JsonNode entry = newest(host.contoso);

        assertEquals(50126, entry.path("status").path("errorCode").asInt());
        assertEquals(host.simon.id().value(), entry.path("userId").asString());
        assertFalse(entry.path("status").path("failureReason").asString().isEmpty());
        assertFalse(entry.toString().contains("not it"));

        host.user(host.contoso, "un.assigned", "Un Assigned");
        browser.signIn(page, "un.assigned@contoso.example", LoginHost.PASSWORD);
        assertEquals(
                50105, newest(host.contoso).path("status").path("errorCode").asInt());
    }

    @Test
    void keepsNoNameThatMayBeAPassword() {
        Browser browser = host.browser("192.0.2.10");
        Browser.Answer page = browser.get(
                AuthorizeLink.of("contoso", host.wiki, LoginHost.CALLBACK).toString());

        browser.signIn(page, "my secret words", "x");
        assertEquals("", newest(host.contoso).path("userPrincipalName").asString());

        browser.signIn(page, "no.body@contoso.example", "x");
        assertEquals(
                "no.body@contoso.example",
                newest(host.contoso).path("userPrincipalName").asString());
        assertEquals("", newest(host.contoso).path("userId").asString());
    }

    @Test
    void tellsOfProgramsThatSignInAsThemselves() {
        String secret = host.secretOf(host.wiki, java.util.Optional.empty());
        String audience = host.wiki.appId().value();
        var form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                audience,
                "client_secret",
                secret,
                "scope",
                audience + "/.default");

        assertEquals(
                200, host.browser().post("/contoso/oauth2/v2.0/token", form).status());

        JsonNode entry = newest(host.contoso);
        assertEquals("servicePrincipal", entry.path("signInEventTypes").path(0).asString());
        assertEquals("wiki", entry.path("servicePrincipalName").asString());
        assertEquals("", entry.path("userId").asString());
    }

    private static JsonNode newest(Tenant tenant) {
        List<io.postern.store.LogEntry> entries =
                host.store.read(s -> s.logs().find(tenant.id(), LogKind.SIGN_IN, LogQuery.newest(1)));
        return Json.MAPPER.readTree(entries.getFirst().text());
    }
}

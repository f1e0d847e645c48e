package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A guest looks at his invitation, accepts it and signs in with his mail address (GST-3, GST-4, GST-5).
class InvitationTest {
    private static final String ADDRESS = "al+ice@partner.example";
    private static final String PASSWORD = "purple marble canyon";

    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;
    private Invited alice;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
        alice = Invited.to(host, ADDRESS, Optional.empty());
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer accept(Answer page, String password, String again) {
        return browser.submit(page, Map.of("new", password, "again", again));
    }

    private Answer signIn(String name, String password) {
        browser.cookies.clear();
        Answer page = browser.get(
                AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK).toString());
        return browser.signIn(page, name, password);
    }

    private List<String> audit() {
        return host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.AUDIT, LogQuery.onwards(0, 50))).stream()
                .map(entry -> entry.text().replaceAll("(?s).*\"activityDisplayName\":\"([^\"]+)\".*", "$1"))
                .toList();
    }

    @Test
    void lookingChangesNothingAndAcceptingCountsOnce() {
        for (int scanner = 0; scanner < 3; scanner++) {
            Answer page = host.browser().get(alice.link());
            assertEquals(200, page.status());
            assertTrue(page.body().contains("B. Simon invites you"), page.body());
            assertEquals("PendingAcceptance", alice.state());
        }
        Answer page = browser.get(alice.link());

        Answer done = accept(page, PASSWORD, PASSWORD);

        assertEquals(200, done.status(), done.body());
        assertTrue(done.body().contains("href=\"https://myapps.postern.localhost:8443/\""), done.body());
        assertEquals("Accepted", alice.state());
        assertEquals(Optional.empty(), alice.guest().link());
        Answer late = browser.get(alice.link());
        assertEquals(410, late.status());
        assertTrue(late.body().contains("href=\"https://myapps.postern.localhost:8443/\""), late.body());
        assertEquals(
                410, accept(page, "another good secret", "another good secret").status());
        assertTrue(
                audit().containsAll(List.of("Redeem external user invite", "Change user password")), audit()::toString);
        assertTrue(signIn(ADDRESS, PASSWORD).parameter("code").isPresent());
    }

    @Test
    void signsInByAddressAndByName() {
        assertTrue(signIn(ADDRESS, PASSWORD).parameter("code").isEmpty(), "before he accepted");
        accept(browser.get(alice.link()), PASSWORD, PASSWORD);

        assertTrue(
                signIn(" Al+Ice@Partner.EXAMPLE ", PASSWORD).parameter("code").isPresent());
        assertTrue(signIn(alice.user().userPrincipalName(), PASSWORD)
                .parameter("code")
                .isPresent());
        assertTrue(signIn("alice@partner.example", PASSWORD).body().contains("AADSTS50126"));
        host.setEnabled(alice.user(), false);
        assertTrue(signIn(ADDRESS, PASSWORD).body().contains("AADSTS50057"));
    }

    /// Two names would be twice as many guesses.
    @Test
    void triesOnBothNamesCountTogether() {
        accept(browser.get(alice.link()), PASSWORD, PASSWORD);
        for (int i = 0; i < 10; i++) {
            String name = i % 2 == 0 ? ADDRESS : alice.user().userPrincipalName();
            signIn(name, "wrong number " + i);
        }

        assertTrue(signIn(ADDRESS, PASSWORD).body().contains("AADSTS50053"));
        assertTrue(signIn(alice.user().userPrincipalName(), PASSWORD).body().contains("AADSTS50053"));
    }

    /// The same address is somebody's name in another tenant of the service.
    @Test
    void anotherTenantsUserOfTheSameNameIsNotTheGuest() {
        Invited carol = Invited.to(host, "carol@fabrikam.example", Optional.empty());
        host.user(host.fabrikam, "carol", "Carol");
        assertTrue(signIn("carol@fabrikam.example", PASSWORD).parameter("code").isEmpty());

        accept(browser.get(carol.link()), PASSWORD, PASSWORD);

        assertTrue(signIn("carol@fabrikam.example", PASSWORD).parameter("code").isPresent());
        assertTrue(signIn("carol@fabrikam.example", LoginHost.PASSWORD).body().contains("AADSTS50126"));
    }

    @Test
    void aPasswordThatWillNotDoLeavesTheInvitationAsItIs() {
        Answer page = browser.get(alice.link());
        for (String weak : List.of("short", "password123", "Alice Partner", "")) {
            page = accept(page, weak, weak);
            assertEquals(400, page.status(), weak);
        }
        page = accept(page, PASSWORD, PASSWORD + "x");
        assertEquals(400, page.status());
        Answer foreign = host.browser().post("/contoso/invitation", Map.of("code", alice.code(), "new", PASSWORD));
        assertEquals(403, foreign.status(), "a form of somebody else's page");
        assertEquals("PendingAcceptance", alice.state());

        assertEquals(200, accept(page, PASSWORD, PASSWORD).status());
    }

    @Test
    void aLinkEndsWithItsTimeItsGuestAndItsTenant() {
        assertEquals(
                410, browser.get("/fabrikam/invitation?code=" + alice.code()).status());
        assertEquals(
                410,
                browser.get("/contoso/invitation?code=" + alice.code() + "A").status());
        assertEquals(410, browser.get("/contoso/invitation").status());
        host.setEnabled(alice.user(), false);
        assertEquals(410, browser.get(alice.link()).status());
        host.setEnabled(alice.user(), true);
        Answer page = browser.get(alice.link());
        assertEquals(200, page.status());
        host.clock.advance(Duration.ofDays(90));
        assertEquals(410, browser.get(alice.link()).status());
        assertEquals(410, accept(page, PASSWORD, PASSWORD).status());
        assertFalse(alice.user().passwordHash().isPresent());
    }

    @Test
    void speaksTheLanguageOfTheInvitation() {
        Invited bernd = Invited.to(host, "bernd@partner.example", Optional.of("de"));

        Answer page = browser.get(bernd.link());
        assertEquals("de", page.language());
        assertTrue(page.body().contains("lädt Sie ein"), page.body());
        assertEquals("en", browser.get(bernd.link(), "accept-language", "en").language());
    }
}

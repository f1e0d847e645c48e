package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.store.LogKind;
import io.postern.store.LogQuery;
import io.postern.store.RoleStore;
import io.postern.web.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Smart lockout (4.6), throttling, cross-site requests, user enumeration, forced change of password.
class PasswordGuessingTest {
    @TempDir
    Path folder;

    private LoginHost host;
    private Browser browser;

    @BeforeEach
    void start() {
        host = new LoginHost(folder);
        browser = host.browser();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private Answer page() {
        return browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
    }

    private Answer attempt(String name, String password) {
        return browser.signIn(page(), name, password);
    }

    private void fail(String name, int times) {
        IntStream.range(0, times).forEach(i -> attempt(name, "wrong password " + i));
    }

    @Test
    void locksAfterTenFailuresEvenForTheRightPassword() {
        fail("b.simon@contoso.example", 10);

        Answer locked = attempt("b.simon@contoso.example", PASSWORD);

        assertEquals(429, locked.status());
        assertTrue(locked.body().contains("AADSTS50053"), locked.body());
        assertEquals("61", locked.fields().get("retry-after"));
        host.clock.advance(Duration.ofSeconds(60));
        assertEquals(303, attempt("b.simon@contoso.example", PASSWORD).status());
    }

    @Test
    void locksTwiceAsLongTheNextTime() {
        fail("b.simon@contoso.example", 10);
        host.clock.advance(Duration.ofSeconds(61));

        Answer again = attempt("b.simon@contoso.example", "wrong again");

        assertEquals("121", again.fields().get("retry-after"));
    }

    @Test
    void doesNotCountTheLastThreeWrongPasswordsTwice() {
        for (int i = 0; i < 4; i++) {
            attempt("b.simon@contoso.example", "old one");
            attempt("b.simon@contoso.example", "older one");
            attempt("b.simon@contoso.example", "oldest one");
        }

        assertEquals(303, attempt("b.simon@contoso.example", PASSWORD).status());
    }

    @Test
    void tellsNothingAboutWhoExists() {
        Answer known = attempt("b.simon@contoso.example", "wrong");
        Answer unknown = attempt("no.body@contoso.example", "wrong");
        Answer malformed = attempt("a@b@contoso.example", "wrong");
        host.setEnabled(host.simon, false);
        Answer disabled = attempt("b.simon@contoso.example", "wrong too");

        assertEquals(visible(known), visible(unknown));
        assertEquals(visible(known), visible(malformed));
        assertEquals(visible(known), visible(disabled));
        assertTrue(known.body().contains("AADSTS50126"));
        // what is sealed for another language: names of the same length, so its length would tell
        assertEquals(sealedPage(known).length(), sealedPage(unknown).length());
        assertEquals(sealedPage(known).length(), sealedPage(disabled).length());
    }

    private static String sealedPage(Answer answer) {
        String sealed = answer.body().replaceAll("(?s).*name=\"page\" value=\"([^\"]*)\".*", "$1");
        assertTrue(sealed.length() > 100 && sealed.length() < answer.body().length(), answer.body());
        return sealed;
    }

    @Test
    void locksNamesThatNobodyHasTheSameWay() {
        fail("no.body@contoso.example", 10);

        assertEquals(429, attempt("no.body@contoso.example", "x").status());
    }

    @Test
    void tellsADisabledUserWhoKnowsThePassword() {
        host.setEnabled(host.simon, false);

        assertTrue(attempt("b.simon@contoso.example", PASSWORD).body().contains("AADSTS50057"));
        assertFalse(browser.cookies.containsKey("__Host-postern-session"));
    }

    @Test
    void sendsAUserOfAnotherTenantAway() {
        host.user(host.fabrikam, "f.guest", "F. Guest");

        Answer answer = attempt("f.guest@fabrikam.example", PASSWORD);

        assertTrue(answer.status() == 400 && answer.body().contains("AADSTS50020"), answer.body());
    }

    @Test
    void slowsAnAddressThatTriesManyNames() {
        Answer last = page();
        for (int i = 0; i < 31; i++) {
            last = attempt("user" + i + "@contoso.example", "spring2026!");
        }

        assertEquals(429, last.status());
        assertTrue(last.body().contains("AADSTS90055"), last.body());
        attempt("b.simon@contoso.example", "spring2026!");
        assertEquals(1, logged(90055), "one of a minute: else the log could be filled by post");
        Browser elsewhere = host.browser("192.0.2.2");
        Answer other = elsewhere.signIn(
                elsewhere.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString()),
                "b.simon@contoso.example",
                PASSWORD);
        assertEquals(303, other.status());
    }

    /// From so many addresses that no bound of one address helps.
    @Test
    void sendsMostOfAFloodFromManyAddressesAwayAndLogsItOnce() throws Exception {
        int flood = 150;
        var posts = new ArrayList<Callable<Answer>>();
        for (int i = 0; i < flood; i++) {
            Browser stranger = host.browser("198.51." + i / 100 + "." + i % 100);
            Answer page = stranger.get(
                    AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString());
            String name = "user" + i + "@contoso.example";
            posts.add(() -> stranger.submit(page, Map.of("username", name, "password", "spring2026!")));
        }
        int busy = 0;
        try (var crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> each : crowd.invokeAll(posts)) {
                Answer answer = each.get();
                if (answer.status() == 503) {
                    busy++;
                    assertTrue(answer.body().contains("AADSTS90033"), answer.body());
                    assertTrue(Integer.parseInt(answer.fields().get("retry-after")) > 0);
                } else {
                    assertEquals(400, answer.status(), answer.body());
                }
            }
        }

        assertTrue(busy > 1, "some were sent away");
        assertEquals(1, logged(90033), "of " + busy);
        assertEquals(flood - busy, logged(50126), "who was heard is told of one by one");
    }

    private long logged(int number) {
        return host.store.read(s -> s.logs().find(host.contoso.id(), LogKind.SIGN_IN, LogQuery.newest(1000))).stream()
                .filter(entry -> Json.MAPPER
                                .readTree(entry.text())
                                .path("status")
                                .path("errorCode")
                                .asInt()
                        == number)
                .count();
    }

    @Test
    void refusesFormsThatAnotherSiteSends() {
        Answer page = page();
        Map<String, String> form = new java.util.LinkedHashMap<>(page.hidden());
        form.put("username", "b.simon@contoso.example");
        form.put("password", PASSWORD);

        Answer otherOrigin = browser.post(page.action(), form, "origin", "https://evil.example");
        Answer otherSite = browser.post(page.action(), form, "sec-fetch-site", "cross-site");
        Answer otherBrowser = host.browser().post(page.action(), form);
        form.remove("csrf");
        Answer withoutToken = browser.post(page.action(), form);

        for (Answer answer : new Answer[] {otherOrigin, otherSite, otherBrowser, withoutToken}) {
            assertEquals(403, answer.status());
            assertFalse(answer.fields().getOrDefault("set-cookie", "").contains("__Host-postern-session"));
        }
    }

    @Test
    void refusesARequestThatItDidNotSeal() {
        Answer page = page();
        var form = new java.util.LinkedHashMap<>(page.hidden());
        form.put("request", "AAAA" + form.get("request").substring(4));

        assertEquals(400, browser.post(page.action(), form).status());
        form.put("request", "");
        assertEquals(400, browser.post(page.action(), form).status());
    }

    @Test
    void makesAForcedChangeBeforeAnythingElse() {
        host.assign(host.user(host.contoso, "n.ewcomer", "N. Ewcomer", true), host.wiki);
        Answer ask = attempt("n.ewcomer@contoso.example", PASSWORD);

        assertFalse(browser.cookies.containsKey("__Host-postern-session"), "no session before the change");
        Answer differ = browser.submit(ask, Map.of("new", "a new quiet gate", "again", "another"));
        Answer same = browser.submit(differ, Map.of("new", PASSWORD, "again", PASSWORD));
        Answer weak = browser.submit(same, Map.of("new", "password1", "again", "password1"));
        Answer done =
                browser.staysNot(browser.submit(weak, Map.of("new", "a new quiet gate", "again", "a new quiet gate")));

        assertEquals(400, differ.status());
        assertTrue(same.body().contains("old one"), same.body());
        assertEquals(400, weak.status());
        assertTrue(done.parameter("code").isPresent(), done.toString());
        assertEquals(
                403,
                browser.submit(weak, Map.of("new", "third gate now", "again", "third gate now"))
                        .status());
        browser = host.browser();
        assertEquals(400, attempt("n.ewcomer@contoso.example", PASSWORD).status(), "the old password is dead");
        assertTrue(host.store.read(s -> s.audit().list(host.contoso.id(), 10)).stream()
                .anyMatch(e -> e.activity().equals("Change user password")));
    }

    @Test
    void makesOneFirstAdministratorByLink() {
        String link = host.identity.firstAdministrator().invite().orElseThrow().replace(Browser.ORIGIN, "");
        Answer page = browser.get(link);
        Map<String, String> typed = Map.of(
                "displayName", "First", "localPart", "first", "new", "gates and doors", "again", "gates and doors");

        Answer done = browser.submit(page, typed);

        assertEquals(200, done.status(), done.body());
        assertTrue(done.body().contains("first@contoso.example"));
        assertEquals(410, browser.submit(page, typed).status());
        assertEquals(410, browser.get(link).status());
        assertTrue(host.identity.firstAdministrator().invite().isEmpty());
        List<String> administrators =
                host.store.read(s -> s.roles().holders(host.contoso.id(), RoleStore.GLOBAL_ADMINISTRATOR));
        assertEquals(1, administrators.size());
    }

    @Test
    void lateOrForgedSetupLinksDoNothing() {
        String link = host.identity.firstAdministrator().invite().orElseThrow().replace(Browser.ORIGIN, "");
        host.clock.advance(Duration.ofHours(1));

        assertEquals(410, browser.get(link).status());
        assertEquals(410, browser.get("/setup?ticket=forged").status());
        assertEquals(410, browser.get("/setup").status());
    }

    /// What a client can see, without the parts that are random or that it typed itself.
    private static String visible(Answer answer) {
        return answer.status()
                + answer.body()
                        .replaceAll("name=\"(csrf|request|ticket|page)\" value=\"[^\"]*\"", "")
                        .replaceAll("(name=\"username\".*) value=\"[^\"]*\"", "$1")
                        .replaceAll("<p class=\"account-name\">.*</p>", "");
    }
}

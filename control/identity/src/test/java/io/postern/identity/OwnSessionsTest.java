package io.postern.identity;

import static io.postern.identity.LoginHost.CALLBACK;
import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.store.Alert;
import io.postern.store.AuditEntry;
import io.postern.store.RefreshFamily;
import io.postern.store.SessionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page where users see and end their sessions.
class OwnSessionsTest {
    @TempDir
    Path folder;

    private LoginHost host;
    private Browser desk;
    private Browser phone;

    @BeforeEach
    void open() {
        host = new LoginHost(folder);
        desk = signedIn("192.0.2.1");
        phone = signedIn("192.0.2.2");
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void showsWhereOneIsSignedIn() {
        Answer page = desk.get("/contoso/sessions");

        assertEquals(200, page.status());
        assertTrue(page.body().contains("192.0.2.1") && page.body().contains("192.0.2.2"), page.body());
        assertTrue(page.body().contains("This browser"));
        assertEquals(303, host.browser().get("/contoso/sessions").status(), "not for strangers");
    }

    @Test
    void showsOnesOwnSignInsAndNobodyElses() {
        host.user(host.contoso, "o.ther", "O. Ther");
        Browser other = host.browser("192.0.2.9");
        other.signIn(
                other.get(AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK)
                        .toString()),
                "o.ther@contoso.example",
                PASSWORD);
        Browser thief = host.browser("192.0.2.66");
        thief.signIn(
                thief.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString()),
                "b.simon@contoso.example",
                "a wrong guess of somebody");

        String recent = desk.get("/contoso/sessions").body().replaceAll("(?s).*id=\"recent\"", "");

        assertTrue(recent.contains("192.0.2.66") && recent.contains("class=\"refused\""), recent);
        assertTrue(
                recent.contains("192.0.2.1") && recent.contains("192.0.2.2") && recent.contains("Signed in"), recent);
        assertTrue(recent.contains("<strong>wiki</strong>"), recent);
        assertFalse(recent.contains("192.0.2.9"), "somebody else's");
        assertFalse(recent.contains("stay signed in"), "a question in between");
    }

    @Test
    void endsAllOthersAndSaysSoInTheLog() {
        Answer page = desk.get("/contoso/sessions");

        Answer done = desk.submit(page, Map.of("session", "others"));

        assertTrue(done.body().contains("One session was ended."), done.body());
        assertFalse(done.body().replaceAll("(?s)id=\"recent\".*", "").contains("192.0.2.2"));
        assertEquals(303, phone.get("/contoso/sessions").status());
        assertEquals(200, desk.get("/contoso/sessions").status());
        assertTrue(host.store.read(s -> s.audit().list(host.contoso.id(), 5)).stream()
                .anyMatch(e -> e.activity().equals("End sign-in session")
                        && e.initiator().name().equals("b.simon@contoso.example")));
    }

    @Test
    void nobodyEndsAnotherUsersSessionNorWithoutTheForm() {
        host.user(host.contoso, "o.ther", "O. Ther");
        Browser other = host.browser();
        other.signIn(
                other.get(AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK)
                        .toString()),
                "o.ther@contoso.example",
                PASSWORD);
        List<SessionStore.Row> simons = host.store.read(s -> s.sessions().of(host.contoso.id(), host.simon.id()));
        assertEquals(2, simons.size());

        Answer page = other.get("/contoso/sessions");
        assertEquals(200, page.status());
        String csrf = page.hidden().getOrDefault("csrf", "");
        other.post(
                "/contoso/sessions",
                Map.of("csrf", csrf, "session", simons.getFirst().id().value()));
        desk.post("/contoso/sessions", Map.of("session", "others"));

        assertEquals(
                2,
                host.store
                        .read(s -> s.sessions().of(host.contoso.id(), host.simon.id()))
                        .size());
    }

    private String simonsSignIn(String address) {
        String recent = desk.get("/contoso/sessions").body().replaceAll("(?s).*id=\"recent\"", "");
        Matcher found = Pattern.compile("(?s)" + Pattern.quote(address) + ".*?name=\"disown\" value=\"([^\"]+)\"")
                .matcher(recent);
        assertTrue(found.find(), recent);
        return found.group(1);
    }

    /// DIS-1.
    @Test
    void whoDisownsASignInEndsEverythingAndChoosesANewPassword() {
        String thiefs = simonsSignIn("192.0.2.2");
        List<RefreshFamily> tokens = host.store.read(
                s -> s.refreshFamilies().ofUser(host.contoso.id(), host.simon.id(), host.clock.instant()));
        String csrf = desk.get("/contoso/sessions").hidden().getOrDefault("csrf", "");

        Answer done = desk.post("/contoso/sessions", Map.of("csrf", csrf, "disown", thiefs));

        assertTrue(done.body().contains("Nobody is signed in as you any more"), done.body());
        assertEquals(303, phone.get("/contoso/sessions").status(), "the stranger is out");
        assertEquals(303, desk.get("/contoso/sessions").status(), "and so is he himself");
        assertEquals(List.of(), host.store.read(s -> s.sessions().of(host.contoso.id(), host.simon.id())));
        for (RefreshFamily token : tokens) {
            assertTrue(host.store
                    .read(s -> s.refreshFamilies().find(token.id()))
                    .orElseThrow()
                    .ended()
                    .isPresent());
        }
        Answer next = desk.signIn(desk.get("/contoso/security-info"), "b.simon@contoso.example", PASSWORD);
        assertTrue(next.body().contains("name=\"again\""), "a new password is due: " + next.body());

        AuditEntry entry = host.store.read(s -> s.audit().list(host.contoso.id(), 5)).stream()
                .filter(e -> e.activity().equals("Report sign-in as somebody else's"))
                .findFirst()
                .orElseThrow();
        assertEquals(thiefs, entry.details().get("signInId"));
        assertEquals("192.0.2.2", entry.details().get("signInAddress"));
        Alert alert = host.store.read(s -> s.alerts().untold(10)).getFirst();
        assertEquals("b.simon@contoso.example", alert.arguments().getFirst());
        assertTrue(alert.arguments().contains("192.0.2.2"), alert.toString());
    }

    @Test
    void nobodyDisownsWhatIsNotHisNorWithoutTheForm() {
        host.user(host.contoso, "o.ther", "O. Ther");
        Browser other = host.browser();
        other.signIn(
                other.get(AuthorizeLink.of("contoso", host.spa, LoginHost.SPA_CALLBACK)
                        .toString()),
                "o.ther@contoso.example",
                PASSWORD);
        String simons = simonsSignIn("192.0.2.2");
        String csrf = other.get("/contoso/sessions").hidden().getOrDefault("csrf", "");

        assertEquals(
                303,
                other.post("/contoso/sessions", Map.of("csrf", csrf, "disown", simons))
                        .status());
        desk.post("/contoso/sessions", Map.of("disown", simons));
        desk.post(
                "/contoso/sessions",
                Map.of(
                        "csrf",
                        desk.get("/contoso/sessions").hidden().getOrDefault("csrf", ""),
                        "disown",
                        "no such sign-in"));

        assertEquals(200, phone.get("/contoso/sessions").status());
        assertEquals(200, other.get("/contoso/sessions").status());
        assertEquals(List.of(), host.store.read(s -> s.alerts().untold(10)));
    }

    @Test
    void aSignInThatFailedIsNobodysToDisown() {
        Browser thief = host.browser("192.0.2.66");
        thief.signIn(
                thief.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString()),
                "b.simon@contoso.example",
                "a wrong guess of somebody");

        String page = desk.get("/contoso/sessions").body();

        assertTrue(page.contains("192.0.2.66"), page);
        assertEquals(2, page.split("name=\"disown\"", -1).length - 1, "of those that came in");
    }

    private Browser signedIn(String address) {
        Browser browser = host.browser(address);
        Answer answer = browser.signIn(
                browser.get(AuthorizeLink.of("contoso", host.wiki, CALLBACK).toString()),
                "b.simon@contoso.example",
                PASSWORD);
        assertTrue(answer.parameter("code").isPresent(), answer.toString());
        return browser;
    }
}

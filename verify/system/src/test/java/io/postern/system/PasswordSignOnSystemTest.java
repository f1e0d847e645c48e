package io.postern.system;

import static io.postern.system.PublishedSite.ANN;
import static io.postern.system.PublishedSite.PASSWORD;
import static io.postern.system.PublishedSite.defaultHost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.base.HostPort;
import io.postern.fixtures.Browser;
import io.postern.fixtures.LoginFormSite;
import io.postern.sense.SenseDemo;
import io.postern.sense.SenseSetup;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Sign-on through an application's form (3.5) as administrators and users have it: by API, service, gateway and
/// connector, at the demo and at a real wiki. The browser gets neither the password nor the session.
class PasswordSignOnSystemTest {
    private static final String INSIDE = "Inside-only-4-lantern";

    private static PublishedSite site;

    @BeforeAll
    static void open() {
        site = PublishedSite.shared();
    }

    private static URI published(String name, int port, String signOnPage, String path) {
        site.publish(name, """
                "internalUrl": "http://127.0.0.1:%d/", "singleSignOnSettings": {"singleSignOnMode": "password",
                  "passwordSignOnSettings": {"signOnPage": "%s"}}
                """.formatted(port, signOnPage));
        return site.outside(defaultHost(name), path);
    }

    /// Sets Ann's name and password there, once a connector can take them.
    private static void set(String name, String user, String password) {
        String appId = site.application(name).path("appId").asString();
        String principal = site.api("GET", "/v1.0/servicePrincipals?$filter=appId%20eq%20'" + appId + "'", "")
                .body()
                .at("/value/0/id")
                .asString();
        String ann = site.api("GET", "/v1.0/users/" + ANN, "").body().path("id").asString();
        String body = """
                {"id": "%s", "credentials": [{"fieldId": "user", "value": "%s", "type": "username"},
                  {"fieldId": "password", "value": "%s", "type": "password"}]}
                """.formatted(ann, user, password);
        String create = "/v1.0/servicePrincipals/" + principal + "/createPasswordSingleSignOnCredentials";
        var last = new AtomicReference<PublishedSite.Reply>();
        Await.until("a password can be set", () -> {
            last.set(site.api("POST", create, body));
            return last.get().status() == 200;
        });
        assertFalse(last.get().message().contains(password), last.get()::message);
    }

    @Test
    void theDemosFormLetsTheUserInWhoHasAPasswordThere() throws Exception {
        try (SenseDemo demo = SenseDemo.start(
                new HostPort("127.0.0.1", 0), SenseSetup.today(Map.of("ada", INSIDE), List.of("127.0.0.1")))) {
            URI url = published("password-demo", demo.port(), "/hub", "/qps/user");
            Browser.Page before = site.await(url, page -> page.status() == 403);
            assertTrue(before.body().contains("This app does not know you"), before.body());

            set("password-demo", "ada", INSIDE);

            Browser.Page inside = site.await(url, page -> page.status() == 200);
            assertTrue(inside.body().contains("\"ada\""), inside.body());
            Browser browser = site.browser();
            assertEquals(200, browser.openSignedIn(url, ANN, PASSWORD).status());
            String cookies = browser.cookiesFor(url.getHost());
            assertFalse(cookies.contains("X-Qlik-Session"), cookies);
        }
    }

    @Test
    void aWikiShowsItsPagesAfterOneSignIn() {
        try (LoginFormSite wiki = LoginFormSite.dokuWiki()) {
            URI url = published("password-wiki", wiki.port(), wiki.signOnPage(), wiki.inside());
            set("password-wiki", LoginFormSite.USER, LoginFormSite.PASSWORD);

            Browser.Page page = site.await(url, answer -> answer.status() == 200);

            assertTrue(page.body().contains(wiki.secret()), page.body());
            assertEquals(1, wiki.posts(), wiki.log());
        }
    }

    @Test
    void anAdministratorSeesTheSignInAndWhoIsRevokedIsSignedOutThereToo() {
        try (LoginFormSite wiki = LoginFormSite.dokuWiki()) {
            site.publish("password-left", """
                    "internalUrl": "http://127.0.0.1:%d/", "singleSignOnSettings": {"singleSignOnMode": "password",
                      "passwordSignOnSettings": {"signOnPage": "%s", "signOutPage": "%s"}}
                    """.formatted(wiki.port(), wiki.signOnPage(), wiki.signOutPage()));
            set("password-left", LoginFormSite.USER, LoginFormSite.PASSWORD);

            String id = site.application("password-left").path("id").asString();
            PublishedSite.Reply report = site.api(
                    "POST",
                    "/v1.0/applications/" + id + "/onPremisesPublishing/testSignOn",
                    "{\"user\":\"" + ANN + "\"}");
            assertEquals("ready", report.body().path("result").asString(), report::message);
            assertTrue(report.message().contains("shows no form with a password any more"), report::message);
            assertFalse(report.message().contains(LoginFormSite.PASSWORD), report::message);
            assertFalse(wiki.knowsSomebody(), "the test has signed out");

            URI url = site.outside(defaultHost("password-left"), wiki.inside());
            site.await(url, answer -> answer.status() == 200);
            assertTrue(wiki.knowsSomebody(), wiki::log);

            site.api("POST", "/v1.0/users/" + ANN + "/revokeSignInSessions", "{}");

            Await.until("the wiki forgets the user", () -> !wiki.knowsSomebody());
        }
    }
}

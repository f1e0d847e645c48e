package io.postern.system;

import static io.postern.system.PublishedSite.ANN;
import static io.postern.system.PublishedSite.PASSWORD;
import static io.postern.system.PublishedSite.defaultHost;
import static io.postern.system.PublishedSite.echo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Cookies and header fields through everything, and alternate URLs (1.8, 1.9, 1.14): a test for each rule.
class FieldRulesSystemTest {
    private final PublishedSite site = PublishedSite.shared();

    /// Published with Apache's folder of answers as the whole host.
    private URI answers(String name, String more) {
        site.write(name + "/index.html", "home of " + name);
        site.write(name + "/cookies.html", "cookies");
        site.write(name + "/sts.html", "secure");
        site.publish(name, "\"internalUrl\": \"" + site.answers(name + "/") + "\"" + more);
        URI url = site.outside(defaultHost(name), "/answers/" + name + "/");
        site.await(url, page -> page.status() == 200);
        return url;
    }

    /// The field lines of an answer to Ann, not put together.
    private List<String> values(URI url, String field) throws Exception {
        Browser browser = site.browser();
        browser.openSignedIn(url, ANN, PASSWORD);
        return browser.client()
                .send(
                        HttpRequest.newBuilder(url)
                                .header("Cookie", browser.cookiesFor(url.getHost()))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .headers()
                .allValues(field);
    }

    /// The access cookie as the callback sets it.
    private String accessCookie(URI url) {
        Browser browser = site.browser();
        browser.openSignedIn(site.outside("myapps.postern.localhost", "/"), ANN, PASSWORD);
        Browser.Page page = browser.step(url);
        for (int i = 0; i < 8 && page.status() / 100 == 3; i++) {
            String cookie = page.fields().getOrDefault("set-cookie", "");
            if (cookie.contains("__Host-postern-access-")) {
                return cookie;
            }
            page = browser.step(page.uri().resolve(page.fields().get("location")));
        }
        throw new AssertionError("no access cookie was set, the way ended at " + page);
    }

    @Test
    void ck1_ourCookieIsLaxOrNoneWhereOthersFrameTheApplication() {
        URI url = site.publishEcho("ck1", "/ck1/");
        site.awaitEcho(url);
        String lax = accessCookie(url);

        site.publish("ck1", "\"cookieSameSite\": \"none\"");
        Await.until("SameSite=None", () -> accessCookie(url).contains("SameSite=None"));

        assertTrue(lax.contains("SameSite=Lax") && lax.contains("HttpOnly") && lax.contains("Secure"), lax);
    }

    @Test
    void ck2_aBackendsCookieIsTranslatedAndElseLeftAsItIs() throws Exception {
        URI url = answers("ck2", "");

        List<String> cookies = values(url.resolve("cookies.html"), "set-cookie");

        String plain = cookies.stream()
                .filter(c -> c.startsWith("plain=1"))
                .findFirst()
                .orElseThrow();
        assertFalse(plain.contains("127.0.0.1"), plain);
        assertTrue(plain.contains("Path=/answers/"), plain);
        assertTrue(plain.contains("SameSite=Strict") && plain.contains("HttpOnly"), plain);
        assertFalse(plain.contains("Secure"), "what the backend does not say is not said: " + plain);
    }

    @Test
    void ck3_oddCookiesAreTolerated() throws Exception {
        URI url = answers("ck3", "");

        List<String> cookies = values(url.resolve("cookies.html"), "set-cookie");

        assertTrue(cookies.stream().anyMatch(c -> c.startsWith("odd=2") && c.contains("Secure")), cookies::toString);
    }

    @Test
    void ck4_ourCookieNeverReachesTheBackend() {
        Map<String, String> said = site.awaitEcho(site.publishEcho("ck4", "/ck4/"));

        assertEquals("", said.get("cookie"));
    }

    @Test
    void ck5_aPersistentCookieHasAnEndAndElseTheBrowsersIsIts() {
        URI url = site.publishEcho("ck5", "/ck5/");
        site.awaitEcho(url);
        String session = accessCookie(url);

        site.publish("ck5", "\"isPersistentCookieEnabled\": true");

        Await.until("it has an end", () -> accessCookie(url).matches("(?i).*(max-age=[1-9]|expires=).*"));
        assertFalse(session.toLowerCase(java.util.Locale.ROOT).contains("max-age"), session);
    }

    @Test
    void hdr1_hostIsTheInternalOneOrTheExternalAsTheSettingSays() {
        URI url = site.publishEcho("hdr1", "/hdr1/");
        String internal = site.awaitEcho(url).get("host");

        site.publish("hdr1", "\"isTranslateHostHeaderEnabled\": false");

        assertTrue(site.inside("/").contains(internal), internal);
        site.await(url, page -> page.status() == 200 && echo(page).get("host").equals(url.getAuthority()));
    }

    @Test
    void hdr3_urlsInFieldsLeadOutsideOrStayAsTheSettingSays() {
        URI url = answers("hdr3", "");
        site.write("hdr3/folder/index.html", "folder");

        Browser.Page moved = site.annStep(url.resolve("folder"));
        Browser.Page located = site.annStep(url.resolve("sts.html"));
        site.publish("hdr3", "\"isTranslateHostHeaderEnabled\": false");

        assertEquals(url.resolve("folder/").toString(), moved.fields().get("location"));
        assertEquals(url.resolve("here").toString(), located.fields().get("content-location"));
        site.await(
                url.resolve("sts.html"),
                page -> page.fields().getOrDefault("content-location", "").startsWith("http://127.0.0.1"));
    }

    @Test
    void hdr4_strictTransportSecurityIsKeptAndNeverAdded() {
        URI url = answers("hdr4", "");

        assertEquals(
                "max-age=31536000",
                site.annStep(url.resolve("sts.html")).fields().get("strict-transport-security"));
        assertFalse(site.annStep(url).fields().containsKey("strict-transport-security"));
    }

    @Test
    void hdr5_robotsAreKeptOutUnlessTheBackendMayAnswer() {
        site.publish(
                "hdr5",
                "\"internalUrl\": \"" + site.inside("/hdr5/") + "\", \"externalUrl\": \"https://" + defaultHost("hdr5")
                        + "/\"");
        URI robots = site.outside(defaultHost("hdr5"), "/robots.txt");
        Await.until("ours", () -> site.browser().step(robots).body().contains("Disallow: /"));

        site.publish("hdr5", "\"isRobotsTxtAnswered\": false");

        assertEquals(
                "/hdr5/robots.txt",
                echo(site.await(robots, page -> page.body().contains("target=")))
                        .get("target"));
    }

    /// 1.9: what clients say of the way is not believed.
    @Test
    void hdr_theWayIsToldByUsAndNotByClients() {
        URI url = site.publishEcho("hdrway", "/hdrway/");
        site.awaitEcho(url);
        Browser browser = site.browser();
        browser.openSignedIn(url, ANN, PASSWORD);

        Map<String, String> said = echo(browser.send(
                HttpRequest.newBuilder(url)
                        .header("X-Forwarded-Host", "evil.example")
                        .header("X-Forwarded-Proto", "gopher")
                        .header("Forwarded", "for=192.0.2.1"),
                url));

        assertEquals(url.getAuthority(), said.get("x-forwarded-host"));
        assertEquals("https", said.get("x-forwarded-proto"));
        assertFalse(said.get("forwarded").contains("192.0.2.1"), said.toString());
    }

    @Test
    void fe1_theAlternateUrlLeadsToTheApplicationAndIsShown() {
        site.publish(
                "fe1",
                "\"internalUrl\": \"" + site.answers("fe1/") + "\", \"externalUrl\": \"https://"
                        + defaultHost("fe1") + "/answers/fe1/\","
                        + "\"alternateUrl\": \"https://fe1.corp.localhost/answers/fe1/\","
                        + "\"useAlternateUrlForTranslationAndRedirect\": true");
        site.write("fe1/folder/index.html", "by the front door");
        URI alternate = site.outside("fe1.corp.localhost", "/answers/fe1/");

        Browser.Page page = site.await(alternate.resolve("folder/"), p -> p.status() == 200);
        Browser.Page moved = site.annStep(site.outside(defaultHost("fe1"), "/answers/fe1/folder"));

        assertEquals("by the front door", page.body());
        assertEquals(
                "fe1.corp.localhost", URI.create(moved.fields().get("location")).getHost(), moved::toString);
    }
}

package io.postern.system;

import static io.postern.system.PublishedSite.defaultHost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// Links in pages, TLS towards backends, and backends' own errors, through everything (1.10, 1.11, 6.1): a test for
/// each rule.
class BodyRulesSystemTest {
    private final PublishedSite site = PublishedSite.shared();

    /// Publishes a folder of Apache's with this page in it, with translation of links on.
    private URI translated(String name, String page) {
        site.write(name + "/index.html", page);
        site.publish(
                name, "\"internalUrl\": \"" + site.answers(name + "/") + "\", \"isTranslateLinksInBodyEnabled\": true");
        URI url = at(name);
        site.await(url, p -> p.status() == 200);
        return url;
    }

    private URI at(String name) {
        return site.outside(defaultHost(name), "/answers/" + name + "/");
    }

    /// Another application, to which links lead. @return its internal URL
    private String other(String name) {
        site.publish(name, "\"internalUrl\": \"" + site.answers(name + "/") + "\"");
        return site.answers(name + "/");
    }

    private static String link(String to) {
        return "<a href=\"" + to + "\">go</a>";
    }

    @Test
    void body1_translationIsOffUnlessAnApplicationWantsIt() {
        String other = other("body1to");
        URI url = translated("body1", link(other));

        String on = site.ann(url).body();
        site.publish("body1", "\"isTranslateLinksInBodyEnabled\": false");

        assertEquals(link(at("body1to").toString()), on);
        site.await(url, page -> page.body().equals(link(other)));
    }

    @Test
    void body2_onlyHtmlAndCssAreTranslated() {
        String other = other("body2to");
        URI url = translated("body2", link(other));
        site.write("body2/style.css", "a { background: url(" + other + "a.png) }");
        site.write("body2/plain.txt", link(other));
        site.write("body2/code.js", "go('" + other + "')");

        assertTrue(site.ann(url.resolve("style.css")).body().contains(at("body2to") + "a.png"));
        assertEquals(link(other), site.ann(url.resolve("plain.txt")).body());
        assertEquals("go('" + other + "')", site.ann(url.resolve("code.js")).body());
    }

    @Test
    void body3_onlyWhatIsPublishedIsTranslated() {
        String unpublished = link("http://feedback.corp/") + link("http://nobody.corp/");
        URI url = translated("body3", unpublished + link(other("body3to")));

        assertEquals(unpublished + link(at("body3to").toString()), site.ann(url).body());
    }

    /// Short names need a domain inside: `LinksSystemTest` has one.
    @Test
    void body4_absoluteAndSchemeRelativeLinksAreTranslated() {
        site.publish("body4to", "\"internalUrl\": \"http://expenses.body4.corp/\"");
        URI url = translated(
                "body4", link("http://expenses.body4.corp/a") + link("//expenses.body4.corp/b") + "<img src=//x/>");

        String outside = site.outside(defaultHost("body4to"), "/").toString();
        assertEquals(
                link(outside + "a") + link(outside + "b") + "<img src=//x/>",
                site.ann(url).body());
    }

    @Test
    void body5_scriptsAndTextAreNotTouched() {
        String other = other("body5to");
        String page = "<p>see " + other + "</p><script>go('" + other + "')</script>"
                + link(java.net.URLEncoder.encode(other, java.nio.charset.StandardCharsets.UTF_8));

        assertEquals(page, site.ann(translated("body5", page)).body());
    }

    @Test
    void body6_relativeLinksStay() {
        String page = link("a/b.html") + link("../up") + link("?q") + link("#top");

        assertEquals(page, site.ann(translated("body6", page)).body());
    }

    @Test
    void btls1_aBackendIsVerifiedUnlessThatIsSwitchedOff() {
        try (HttpsSite untrusted =
                HttpsSite.start(TestCertificates.authority("Nobody's").server("localhost"), exchange -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(204, -1);
                    }
                })) {
            site.publish("btls1", "\"internalUrl\": \"https://localhost:" + untrusted.port() + "/\"");
            URI url = site.outside(defaultHost("btls1"), "/");

            Browser.Page refused = site.await(url, page -> page.status() == 502);
            site.publish("btls1", "\"isBackendCertificateValidationEnabled\": false");

            assertFalse(refused.body().contains("localhost:" + untrusted.port()), refused.body());
            site.await(url, page -> page.status() == 204);
        }
    }

    @Test
    void btls3_anInternalUrlWithoutTlsIsWarnedAbout() {
        String warnings = site.publish("btls3", "\"internalUrl\": \"http://plain.corp/\"")
                .path("warnings")
                .toString();

        assertTrue(warnings.contains("BTLS-3"), warnings);
    }

    @Test
    void err3_aBackendsOwnErrorsPassThrough() {
        URI url = translated("err3", "there");

        Browser.Page missing = site.annStep(url.resolve("missing"));

        assertEquals(404, missing.status());
        assertTrue(missing.body().contains("Apache") || missing.body().contains("was not found"), missing.body());
    }
}

package io.postern.system;

import static io.postern.system.PublishedSite.echo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Wildcard and complex applications (1.6, 1.7): a test for each rule. `*.corp.localhost` is a wildcard application,
/// `*.deep.corp.localhost` a complex one.
class WildcardRulesSystemTest {
    private static final String SEGMENT = """
            {"externalUrl": "https://%1$s.deep.corp.localhost/", "internalUrl": "%2$s"%3$s}""";

    private final PublishedSite site = PublishedSite.shared();

    @BeforeEach
    void publish() {
        site.publish(
                "wild",
                "\"externalUrl\": \"https://*.corp.localhost/\", \"internalUrl\": \""
                        + site.inside("/").replace("127.0.0.1", "*.inner.localhost") + "\"");
        segments("one", "two", "three");
    }

    private JsonNode segments(String... names) {
        var all = new StringBuilder();
        for (String name : names) {
            String cors = name.equals("one") ? permits("https://two.deep.corp.localhost:" + site.port()) : "";
            all.append(all.isEmpty() ? "" : ", ").append(SEGMENT.formatted(name, site.inside("/" + name + "/"), cors));
        }
        return site.publish("complex", """
                "externalUrl": "https://*.deep.corp.localhost/", "internalUrl": "%s",
                "segmentsConfiguration": {"applicationSegments": [%s]}
                """.formatted(site.inside("/").replace("127.0.0.1", "*.deep.localhost"), all));
    }

    private static String permits(String origin) {
        return """
                , "corsConfigurations": [{"resource": "/open", "allowedOrigins": ["%s"],
                  "allowedHeaders": ["x-app-*"], "allowedMethods": ["GET", "PUT"], "maxAgeInSeconds": 600}]
                """.formatted(origin);
    }

    private URI deep(String name, String path) {
        return site.outside(name + ".deep.corp.localhost", path);
    }

    private static String urls(String external, String internal) {
        return "\"externalUrl\": \"" + external + "\", \"internalUrl\": \"" + internal + "\"";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a.*.corp.localhost/",
                "https://*.*.corp.localhost/",
                "https://a*.corp.localhost/",
                "https://*/",
                "https://[a-z].corp.localhost/"
            })
    void wild1_oneWildcardInTheLeftmostLabelOnly(String url) {
        site.refused("wild1", urls(url, "http://*.wild1.localhost/"));

        assertTrue(site.application("wild1").isMissingNode());
    }

    @Test
    void wild2_aWildcardNeedsADomainOfItsOwnAndACertificate() {
        String ours = site.refused("wild2", urls("https://*.postern.localhost/", "http://*.wild2.localhost/"));
        String bare = site.refused("wild2", urls("https://*.other.localhost/", "http://*.wild2.localhost/"));

        assertTrue(ours.contains("WILD-2"), ours);
        assertTrue(bare.contains("certificate"), bare);
    }

    @Test
    void wild5_exactHostBeforeDeeperWildcardBeforeWildcard() {
        site.publish("wild5", urls("https://wild5.corp.localhost/", site.inside("/exact/")));

        assertTrue(site.awaitEcho(site.outside("any.corp.localhost", "/x"))
                .get("host")
                .startsWith("any.inner."));
        assertEquals(
                "/exact/x",
                site.await(
                                site.outside("wild5.corp.localhost", "/x"),
                                page -> page.body().contains("/exact/"))
                        .body()
                        .lines()
                        .filter(l -> l.startsWith("target="))
                        .findFirst()
                        .orElseThrow()
                        .substring("target=".length()));
        assertEquals("/one/x", site.awaitEcho(deep("one", "/x")).get("target"));
    }

    @Test
    void wild6_aWildcardHasNoTileUntilItHasAHomePage() {
        URI portal = site.outside("myapps.postern.localhost", "/");
        site.declare("wild", "\"homePageUrl\": null", "\"isMaintenanceModeEnabled\": false");
        assertFalse(site.ann(portal).body().contains("https://start.corp.localhost"));

        site.declare(
                "wild",
                "\"isVisibleToUsers\": true, \"homePageUrl\": \"https://start.corp.localhost/home\"",
                "\"isMaintenanceModeEnabled\": false");

        site.await(portal, page -> page.body().contains("https://start.corp.localhost"));
    }

    @Test
    void wild8_aWildcardIsHttpsOutside() {
        String why = site.refused(
                "wild8",
                urls("http://*.corp.localhost/", "http://*.wild8.localhost/")
                        + ", \"externalAuthenticationType\": \"passthru\"");

        assertTrue(why.contains("https"), why);
    }

    @Test
    void cpx1_segmentsExistOnAWildcardOnlyAndBelowIt() {
        String onHost = site.refused(
                "cpx1",
                urls("https://cpx1.corp.localhost/", site.inside("/cpx1/"))
                        + """
                , "segmentsConfiguration": {"applicationSegments": [%s]}
                """.formatted(SEGMENT.formatted("cpx1", site.inside("/cpx1s/"), "")));
        PublishedSite.Reply outside = site.api(
                "PATCH",
                "/v1.0/applications/" + site.application("complex").path("id").asString(),
                """
                {"onPremisesPublishing": {"segmentsConfiguration": {"applicationSegments": [%s]}}}
                """.formatted(SEGMENT.formatted("cpx1", site.inside("/cpx1/"), "")
                        .replace(".deep.corp", ".corp")));

        assertTrue(onHost.contains("segment"), onHost);
        assertEquals(400, outside.status(), outside::message);
        assertTrue(outside.message().contains("cpx1.corp.localhost"), outside::message);
    }

    @Test
    void cpx2_aRegularApplicationWinsOverASegment() {
        site.publish("cpx2", urls("https://three.deep.corp.localhost/", site.inside("/regular/")));
        try {
            Browser.Page page = site.await(deep("three", "/x"), p -> p.body().contains("target=/regular/"));
            assertEquals("/regular/x", echo(page).get("target"));
        } finally {
            site.api(
                    "DELETE",
                    "/v1.0/applications/" + site.application("cpx2").path("id").asString(),
                    "");
        }
    }

    @Test
    void cpx3_thereIsNoLimitOfTwoSegments() {
        for (String name : new String[] {"one", "two", "three"}) {
            assertEquals("/" + name + "/x", site.awaitEcho(deep(name, "/x")).get("target"));
        }
    }

    @Test
    void cpx4_onlySegmentsAreReachableAndTheLastOnesEndIsWarnedAbout() {
        site.awaitEcho(deep("one", "/"));
        assertEquals(404, site.ann(deep("four", "/")).status());

        JsonNode change = segments();

        assertTrue(change.path("warnings").toString().contains("CPX-4"), change.toString());
        assertTrue(site.awaitEcho(deep("four", "/x")).get("host").startsWith("four.deep.localhost"));
    }

    /// What `postern export` prints is what `postern apply` reads.
    @Test
    void cpx_segmentsComeBackAsTheyWent() {
        String profile = "/v1.0/onPremisesPublishingProfiles/applicationProxy/declarations";
        JsonNode exported = site.api("GET", profile + "?$top=999", "")
                .body()
                .path("value")
                .valueStream()
                .filter(d -> d.path("displayName").asString().equals("complex"))
                .findFirst()
                .orElseThrow();

        PublishedSite.Reply again = site.api("POST", profile + "/apply", "{\"applications\": [" + exported + "]}");

        assertEquals(200, again.status(), again::message);
        assertEquals("none", again.body().path("changes").path(0).path("action").asString(), again::message);
        assertTrue(exported.toString().contains("x-app-*"), exported.toString());
    }

    @Test
    void cpx5_oneSignInServesAllSegments() {
        site.awaitEcho(deep("one", "/"));
        Browser fresh = site.browser();
        fresh.openSignedIn(deep("one", "/"), PublishedSite.ANN, PublishedSite.PASSWORD);

        Browser.Page second = fresh.open(deep("two", "/x")); // signs in nowhere

        assertEquals("/two/x", echo(second).get("target"));
    }

    @Test
    void pre4_aPreflightIsAnsweredFromTheRulesAndBlockedWithoutThem() {
        site.awaitEcho(deep("one", "/"));
        String origin = "https://two.deep.corp.localhost:" + site.port();

        Browser.Page permitted = preflight(deep("one", "/open/x"), origin, "PUT");
        Browser.Page method = preflight(deep("one", "/open/x"), origin, "DELETE");
        Browser.Page foreign = preflight(deep("one", "/open/x"), "https://evil.example", "PUT");
        Browser.Page ruleless = preflight(deep("two", "/open/x"), origin, "PUT");

        assertEquals(origin, permitted.fields().get("access-control-allow-origin"));
        assertEquals("600", permitted.fields().get("access-control-max-age"));
        for (Browser.Page blocked : new Browser.Page[] {method, foreign, ruleless}) {
            assertFalse(blocked.fields().containsKey("access-control-allow-origin"), blocked.toString());
            assertFalse(blocked.status() >= 300 && blocked.status() < 400, "no redirect: " + blocked);
        }
    }

    private Browser.Page preflight(URI uri, String origin, String method) {
        return site.browser()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Origin", origin)
                                .header("Access-Control-Request-Method", method)
                                .header("Access-Control-Request-Headers", "x-app-id")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()),
                        uri);
    }
}

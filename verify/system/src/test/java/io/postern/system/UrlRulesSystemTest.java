package io.postern.system;

import static io.postern.system.PublishedSite.defaultHost;
import static io.postern.system.PublishedSite.echo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Which URLs may be published, and what is reached under them (1.3): a test for each rule.
class UrlRulesSystemTest {
    private final PublishedSite site = PublishedSite.shared();

    private String internal(String path) {
        return "\"internalUrl\": \"" + site.inside(path) + "\"";
    }

    private static String external(String url) {
        return "\"externalUrl\": \"" + url + "\"";
    }

    @ParameterizedTest
    @CsvSource({
        "http//files.corp/, lacks the colon",
        "https:files.corp/, //",
        "ftp://files.corp/, ftp",
        "files.corp/, must look like https://"
    })
    void pub1_whatIsNoHttpUrlIsRefusedWithTheFaultNamed(String url, String said) {
        String why = site.refused("pub1", "\"internalUrl\": \"" + url + "\"");

        assertTrue(why.contains(said), why);
        assertTrue(site.application("pub1").isMissingNode(), "bad input changes nothing");
    }

    @Test
    void pub1_preAuthenticationForcesHttps() {
        JsonNode change =
                site.publish("pub1s", external("http://" + defaultHost("pub1s") + "/") + "," + internal("/pub1s/"));

        String url = site.application("pub1s")
                .path("onPremisesPublishing")
                .path("externalUrl")
                .asString();
        assertTrue(url.startsWith("https://"), change.toString());
    }

    @Test
    void pub2_aMissingSlashAtTheEndIsAdded() {
        site.publish("pub2", internal("/pub2/folder"));

        JsonNode publishing = site.application("pub2").path("onPremisesPublishing");
        assertEquals(
                site.inside("/pub2/folder/"), publishing.path("internalUrl").asString());
        assertTrue(publishing.path("externalUrl").asString().endsWith("/pub2/folder/"), publishing.toString());
    }

    @Test
    void pub3_anAddressIsAcceptedInsideWithAWarningAndRefusedOutside() {
        JsonNode change = site.publish("pub3", internal("/pub3/"));
        String why = site.refused("pub3o", external("https://127.0.0.1/") + "," + internal("/pub3o/"));

        assertTrue(change.path("warnings").toString().contains("(PUB-3)"), change.toString());
        assertTrue(why.contains("127.0.0.1"), why);
    }

    @Test
    void pub4_anInternalPortIsFreeAnExternalOneIsNot() {
        String why =
                site.refused("pub4", external("https://" + defaultHost("pub4") + ":8081/") + "," + internal("/pub4/"));

        assertTrue(why.contains("8081"), why);
        assertEquals(
                "/pub4/", site.awaitEcho(site.publishEcho("pub4", "/pub4/")).get("target"));
    }

    @Test
    void pub5_aPathPublishesItAndWhatIsBelow() {
        URI folder = site.publishEcho("pub5", "/pub5/");

        site.awaitEcho(folder);
        assertEquals("/pub5/a/b?c", echo(site.ann(folder.resolve("a/b?c"))).get("target"));
        assertEquals(404, site.ann(folder.resolve("/other")).status());
    }

    @Test
    void pub6_anExternalUrlAndAnInternalUrlAreEachPublishedOnce() {
        site.publishEcho("pub6", "/pub6/");

        String outside = site.refused(
                "pub6o", external("https://" + defaultHost("pub6") + "/pub6/") + "," + internal("/pub6o/"));
        String inside = site.refused("pub6i", internal("/pub6/"));

        assertTrue(outside.contains("'pub6'") && outside.contains("PUB-6"), outside);
        assertTrue(inside.contains("'pub6'") && inside.contains("PUB-6"), inside);
    }

    @Test
    void pub7_aWildcardStandsOutsideAndInsideOrNowhere() {
        String outside = site.refused("pub7", external("https://*.corp.localhost/") + "," + internal("/pub7/"));
        String inside = site.refused(
                "pub7",
                external("https://pub7.corp.localhost/") + ", \"internalUrl\": \"http://*.inner.localhost:8081/\"");

        assertTrue(outside.contains("wildcard"), outside);
        assertTrue(inside.contains("wildcard"), inside);
    }

    @ParameterizedTest
    @CsvSource({"https://login.postern.localhost/", "https://postern.localhost/", "https://elsewhere.example/"})
    void pub8_ourOwnNamesAndForeignOnesAreRefused(String url) {
        String why = site.refused("pub8", external(url) + "," + internal("/pub8/"));

        assertTrue(why.contains(URI.create(url).getHost()), why);
    }

    @Test
    void pub9_whatLiesBesideThePublishedFolderIsNotThere() {
        URI folder = site.publishEcho("pub9", "/pub9/in/");

        site.awaitEcho(folder);
        for (String beside : new String[] {"/pub9/out/", "/pub9/i", "/pub9/inner", "/"}) {
            Browser.Page page = site.ann(folder.resolve(beside));
            assertEquals(404, page.status(), beside);
            assertFalse(page.body().contains("target="), "it never came to the backend: " + beside);
        }
    }

    @Test
    void pub10_pathsOfOneHostAreApplicationsWithUsersOfTheirOwn() {
        site.publish("pub10a", external("https://pub10.corp.localhost/a/") + "," + internal("/pub10/a/"));
        site.declare(
                "pub10b",
                "\"assignedUsers\": [\"" + PublishedSite.BOB + "\"]",
                external("https://pub10.corp.localhost/b/") + "," + internal("/pub10/b/"));

        URI mine = site.outside("pub10.corp.localhost", "/a/");
        assertEquals("/pub10/a/", site.awaitEcho(mine).get("target"));
        assertEquals(403, site.ann(mine.resolve("/b/")).status());
        assertEquals(
                200,
                site.browser()
                        .openSignedIn(mine.resolve("/b/"), PublishedSite.BOB, PublishedSite.PASSWORD)
                        .status());
    }

    @Test
    void pub11_theLongestPathWinsAndTheExactHostBeforeWildcards() {
        site.publish("pub11", external("https://pub11.corp.localhost/") + "," + internal("/pub11/whole/"));
        site.publish("pub11deep", external("https://pub11.corp.localhost/deep/er/") + "," + internal("/pub11/deep/"));

        URI root = site.outside("pub11.corp.localhost", "/");
        site.awaitEcho(root.resolve("/deep/er/"));
        assertEquals("/pub11/deep/x", site.awaitEcho(root.resolve("/deep/er/x")).get("target"));
        assertEquals(
                "/pub11/whole/deep/e", site.awaitEcho(root.resolve("/deep/e")).get("target"));
    }

    @Test
    void pub13_theParentOfAPublishedFolderIsNotFound() {
        URI folder = site.publishEcho("pub13", "/pub13/reimbursement/");

        site.awaitEcho(folder);
        assertEquals(404, site.ann(folder.resolve("/pub13/")).status());
        assertEquals(404, site.ann(folder.resolve("/")).status());
    }

    @Test
    void pub16_aSecondPublicationOfAProductIsReachedAndItsTileHidden() {
        URI hub = site.publishEcho("pub16hub", "/pub16hub/");
        site.declare(
                "pub16auth",
                "\"isVisibleToUsers\": false, \"assignedUsers\": [\"" + PublishedSite.ANN + "\"]",
                internal("/pub16auth/"));

        site.awaitEcho(hub);
        site.awaitEcho(site.outside(defaultHost("pub16auth"), "/pub16auth/"));
        String portal = site.ann(site.outside("myapps.postern.localhost", "/")).body();
        assertTrue(portal.contains("pub16hub"), portal);
        assertFalse(portal.contains("pub16auth"), portal);
    }
}

package io.postern.system;

import static io.postern.system.PublishedSite.ANN;
import static io.postern.system.PublishedSite.BOB;
import static io.postern.system.PublishedSite.PASSWORD;
import static io.postern.system.PublishedSite.defaultHost;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import io.postern.system.PublishedSite.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The application object, its properties, and who gets in (1.1, 1.2, 1.5, 4.1): a test for each rule.
class ApplicationRulesSystemTest {
    private final PublishedSite site = PublishedSite.shared();

    private String internal(String name) {
        return "\"internalUrl\": \"" + site.inside("/" + name + "/") + "\"";
    }

    private static URI at(PublishedSite site, String name) {
        return site.outside(defaultHost(name), "/" + name + "/");
    }

    private Reply patch(String name, String body) {
        return site.api("PATCH", "/v1.0/applications/" + id(name), body);
    }

    private String id(String name) {
        return site.application(name).path("id").asString();
    }

    private JsonNode principal(String name) {
        return site.api("GET", "/v1.0/servicePrincipals?$filter=displayName%20eq%20'" + name + "'", "")
                .body()
                .path("value")
                .path(0);
    }

    private static Browser.Page bob(PublishedSite site, URI uri) {
        return site.browser().openSignedIn(uri, BOB, PASSWORD);
    }

    @Test
    void app1_whatTheSystemManagesCannotBeEditedAway() {
        URI url = site.publishEcho("app1", "/app1/");
        site.awaitEcho(url);

        Reply publicClient = patch("app1", "{\"isFallbackPublicClient\": true}");
        patch("app1", "{\"web\": {\"redirectUris\": []}}");

        assertEquals(400, publicClient.status(), publicClient::message);
        assertTrue(publicClient.message().contains("APP-1"), publicClient::message);
        assertEquals(200, site.browser().openSignedIn(url, ANN, PASSWORD).status(), "signing in still works");
    }

    @Test
    void app2_deletingEitherHalfDeletesBoth() {
        URI url = site.publishEcho("app2a", "/app2a/");
        site.publishEcho("app2b", "/app2b/");
        site.awaitEcho(url);

        site.api("DELETE", "/v1.0/applications/" + id("app2a"), "");
        site.api(
                "DELETE",
                "/v1.0/servicePrincipals/" + principal("app2b").path("id").asString(),
                "");

        for (String name : new String[] {"app2a", "app2b"}) {
            assertTrue(site.application(name).isMissingNode(), name);
            assertTrue(principal(name).isMissingNode(), name);
        }
        site.await(url, page -> page.status() == 404);
    }

    @Test
    void app3_passthroughAsksNobody() {
        site.publish("app3", internal("app3") + ", \"externalAuthenticationType\": \"passthru\"");

        Await.until("passthrough", () -> site.browser().step(at(site, "app3")).status() == 200);
        assertEquals("", site.browser().cookiesFor(defaultHost("app3")));
    }

    @Test
    void app7_aGroupWithoutConnectorsIsWarnedAboutWhenSomethingIsPublishedThere() {
        Reply group = site.api(
                "POST", "/v1.0/onPremisesPublishingProfiles/applicationProxy/connectorGroups", "{\"name\": \"empty\"}");
        Reply made = site.api("POST", "/v1.0/applications", """
                {"displayName": "app7", "connectorGroup": {"id": "%s"}, "onPremisesPublishing": {%s}}
                """.formatted(
                        group.body().path("id").asString(), internal("app7")));

        assertEquals(201, made.status(), made::message);
        assertTrue(made.body().path("warnings").toString().contains("connector"), made::message);
    }

    @Test
    void app8_everyFaultIsNamedAtOnce() {
        Reply refused = site.api("POST", "/v1.0/applications", """
                {"displayName": "app8", "onPremisesPublishing":
                  {"internalUrl": "http//nothing", "externalUrl": "https://elsewhere.example/"}}
                """);

        assertEquals(400, refused.status(), refused::message);
        JsonNode details = refused.body().path("error").path("details");
        assertEquals(2, details.size(), refused::message);
        assertTrue(
                details.toString().contains("internalUrl") && details.toString().contains("externalUrl"));
    }

    /// 1.2: maintenance takes everybody's access for a while, and gives it back.
    @Test
    void app_maintenanceModeLocksEverybodyOutUntilItIsOver() {
        URI url = site.publishEcho("upkeep", "/upkeep/");
        site.awaitEcho(url);

        site.publish("upkeep", "\"isMaintenanceModeEnabled\": true");
        Browser.Page closed = site.await(url, page -> page.status() == 503);
        site.publish("upkeep", "\"isMaintenanceModeEnabled\": false");

        assertFalse(closed.body().contains("target="), closed.body());
        assertEquals("/upkeep/", site.awaitEcho(url).get("target"));
    }

    @Test
    void pre2_whoIsNotAssignedIsDeniedAndToldWhy() {
        URI url = site.publishEcho("pre2", "/pre2/");
        site.awaitEcho(url);

        Browser.Page page = bob(site, url);

        assertEquals(403, page.status());
        assertTrue(page.body().contains("assigned"), page.body());
        assertFalse(page.body().contains("target="), "nothing of the inside");
    }

    @Test
    void pre3_aScriptWithoutSessionGets401AndNoRedirect() {
        URI url = site.publishEcho("pre3", "/pre3/");
        site.awaitEcho(url);

        Browser.Page page = site.browser()
                .send(
                        HttpRequest.newBuilder(url)
                                .header("Sec-Fetch-Mode", "cors")
                                .header("Accept", "application/json"),
                        url);

        assertEquals(401, page.status());
        assertFalse(page.fields().containsKey("location"));
    }

    /// 4.1, "Enabled for users to sign in": No means nobody, assigned or not.
    @Test
    void asg_aDisabledApplicationLetsNobodyIn() {
        URI url = site.publishEcho("asgoff", "/asgoff/");
        site.awaitEcho(url);

        site.declare("asgoff", "\"accountEnabled\": false", internal("asgoff"));

        site.await(url, page -> page.status() == 403);
    }

    /// 4.1, "Assignment required": No means every user of the tenant.
    @Test
    void asg_withoutRequiredAssignmentEveryUserGetsIn() {
        URI url = site.publishEcho("asgall", "/asgall/");
        site.awaitEcho(url);
        assertEquals(403, bob(site, url).status());

        site.declare("asgall", "\"appRoleAssignmentRequired\": false", internal("asgall"));

        Await.until("Bob gets in", () -> bob(site, url).status() == 200);
    }

    @Test
    void asg1_aTileIsThereForTheAssignedWhileVisible() {
        site.awaitEcho(site.publishEcho("asg1", "/asg1/"));
        URI portal = site.outside("myapps.postern.localhost", "/");
        String tile = defaultHost("asg1");

        assertTrue(site.ann(portal).body().contains(tile));
        assertFalse(bob(site, portal).body().contains(tile));
        site.declare("asg1", "\"isVisibleToUsers\": false", internal("asg1"));
        assertFalse(site.ann(portal).body().contains(tile));
    }

    /// ASG-3: who is in the group gets in.
    @Test
    void asg3_aGroupIsAssignedForItsMembers() {
        String group = site.api("POST", "/v1.0/groups", "{\"displayName\": \"asg3\"}")
                .body()
                .path("id")
                .asString();
        site.declare("asg3", "\"assignedGroups\": [\"asg3\"]", internal("asg3"));
        Await.until("published", () -> bob(site, at(site, "asg3")).status() == 403);

        site.api("POST", "/v1.0/groups/" + group + "/members/$ref", """
                {"@odata.id": "https://api.postern.localhost/v1.0/users/%s"}
                """.formatted(
                site.api("GET", "/v1.0/users/" + BOB, "").body().path("id").asString()));

        Await.until("Bob gets in", () -> bob(site, at(site, "asg3")).status() == 200);
    }
}

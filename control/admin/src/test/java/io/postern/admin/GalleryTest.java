package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.store.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Applications from templates, ours and the operator's.
class GalleryTest {
    @TempDir
    static Path folder;

    private static Installation service;
    private static Path own;

    @BeforeAll
    static void open() throws IOException {
        own = Files.createDirectory(folder.resolve("gallery"));
        service = new Installation(
                Files.createDirectory(folder.resolve("data")),
                Clock.systemUTC(),
                new OutsideSettings(Optional.empty(), Optional.empty(), false, Optional.of(own)));
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static List<String> keys(Response list) {
        assertEquals(200, list.status(), list.raw().body());
        var keys = new ArrayList<String>();
        list.json().path("value").forEach(t -> keys.add(t.path("key").asString()));
        return keys;
    }

    @Test
    void templatesAreFoundByWords() {
        assertTrue(keys(service.get("/applicationTemplates?$top=999")).size() >= 17);
        assertEquals(
                List.of("qlik-sense-proxied", "qlik-sense-saml"),
                keys(service.get("/applicationTemplates?$search=sense%20qlik")));
        assertEquals(
                List.of("grafana-oidc", "grafana-saml", "grafana-headers"),
                keys(service.get("/applicationTemplates?$filter=publisher%20eq%20'Grafana%20Labs'")));
        assertEquals(List.of(), keys(service.get("/applicationTemplates?$search=nothing-of-that-name")));
        assertEquals(404, service.get("/applicationTemplates/none").status());
    }

    /// S1, the tutorial for Qlik Sense: add, assign, set up, test.
    @Test
    void qlikSenseIsSetUpInOneStep() {
        Response added = service.post(
                "/applicationTemplates/qlik-sense-saml/instantiate",
                "{\"parameters\":{\"host\":\"sense.example.com\",\"prefix\":\"/entra\"},\"principals\":[\""
                        + service.user.id() + "\"]}");

        assertEquals(201, added.status(), added.raw().body());
        assertEquals("https://sense.example.com", added.text("/signOn/identifierUris/0"));
        assertEquals("https://sense.example.com:443/entra/samlauthn/", added.text("/signOn/replyUrls/0/url"));
        assertEquals("https://sense.example.com:443/entra/hub", added.text("/signOn/loginUrl"));
        assertEquals("saml", added.text("/signOn/preferredSingleSignOnMode"));
        assertEquals(false, added.json().at("/signOn/signing/roleDescriptors").asBoolean());
        assertTrue(added.text("/steps/0").contains("&roledescriptor=no"), added.text("/steps/0"));
        String path = "/servicePrincipals/" + added.text("/servicePrincipal/id");
        Response test = service.post(path + "/signOn/test", "{\"user\":\"" + service.user.id() + "\"}");
        assertEquals("ready", test.text("/result"), test.raw().body());
        assertEquals("https://sense.example.com:443/entra/hub", test.text("/startUrl"));
        assertEquals("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", test.text("/preview/claims/0/name"));
    }

    /// Its parser validates by schema and refuses metadata with these elements; the template must not lead there.
    @Test
    void shibbolethIsGivenMetadataWithoutRoleDescriptor() {
        Response added = service.post(
                "/applicationTemplates/shibboleth-sp/instantiate",
                "{\"parameters\":{\"host\":\"sp.example\",\"entity-id\":\"https://sp.example/shibboleth\"}}");

        assertEquals(201, added.status(), added.raw().body());
        assertEquals(false, added.json().at("/signOn/signing/roleDescriptors").asBoolean(true));
        assertTrue(added.text("/steps/0").contains("&roledescriptor=no"), added.text("/steps/0"));
    }

    /// Where begins a user who opens the tile: at the site's front page nobody may ask for a sign-in.
    @Test
    void mellonBeginsWhereItSignsIn() {
        Response added =
                service.post("/applicationTemplates/mellon/instantiate", "{\"parameters\":{\"host\":\"app.example\"}}");

        assertEquals(201, added.status(), added.raw().body());
        assertEquals("https://app.example/mellon/login?ReturnTo=https://app.example/", added.text("/signOn/loginUrl"));
    }

    @Test
    void aProxiedApplicationHasItsSignOnToo() {
        Response added = service.post(
                "/applicationTemplates/qlik-sense-saml/instantiate",
                "{\"displayName\":\"sense2\",\"parameters\":{\"host\":\"sense2.example.com\","
                        + "\"internal-url\":\"https://sense2.corp/\"}}");

        assertEquals(201, added.status(), added.raw().body());
        assertEquals("https://sense2.corp/", added.text("/application/onPremisesPublishing/internalUrl"));
        assertEquals("long", added.text("/application/onPremisesPublishing/applicationServerTimeout"));
        assertEquals("saml", added.text("/signOn/preferredSingleSignOnMode"));
    }

    /// One application in front of a release of today: no question about the past, so nothing of it.
    @Test
    void qlikOfTodayIsOneApplication() {
        Response added = service.post(
                "/applicationTemplates/qlik-sense-proxied/instantiate",
                "{\"displayName\":\"Sense today\",\"parameters\":{\"internal-url\":\"https://today.corp/\"}}");

        assertEquals(201, added.status(), added.raw().body());
        assertTrue(added.json().path("secondApplication").isMissingNode());
        assertEquals("none", added.text("/application/onPremisesPublishing/singleSignOnSettings/singleSignOnMode"));
        assertEquals(
                true,
                added.json()
                        .at("/application/onPremisesPublishing/isTranslateHostHeaderEnabled")
                        .asBoolean());
        assertEquals("long", added.text("/application/onPremisesPublishing/applicationServerTimeout"));
        assertTrue(added.text("/steps/0").contains(": add "), added.text("/steps/0"));
        assertTrue(
                !added.json().path("steps").toString().contains("4244"),
                added.raw().body());
        assertTrue(
                !added.json().path("steps").toString().contains("setspn"),
                added.raw().body());
    }

    /// Before April 2018 users signed in on another port: it is published too, hidden, for the same users (STEP-1).
    @Test
    void anOldQlikIsTwoApplicationsWithTheSameUsers() {
        Response added = service.post(
                "/applicationTemplates/qlik-sense-proxied/instantiate",
                "{\"displayName\":\"Old Sense\",\"parameters\":{\"internal-url\":\"https://old.corp/\","
                        + "\"old-release\":\"yes\",\"kerberos\":\"yes\"},\"principals\":[\"" + service.user.id()
                        + "\"]}");

        assertEquals(201, added.status(), added.raw().body());
        assertEquals(
                "HTTP/old.corp",
                added.text("/application/onPremisesPublishing/singleSignOnSettings/kerberosSignOnSettings"
                        + "/kerberosServicePrincipalName"),
                added.raw().body());
        String login = "/secondApplication/application/onPremisesPublishing";
        assertEquals("Old Sense (login port)", added.text("/secondApplication/application/displayName"));
        assertEquals("https://old.corp:4244/", added.text(login + "/internalUrl"));
        assertEquals("none", added.text(login + "/singleSignOnSettings/singleSignOnMode"));
        assertTrue(added.json()
                .at("/secondApplication/servicePrincipal/tags")
                .toString()
                .contains("HideApp"));
        String second = "/servicePrincipals/" + added.text("/secondApplication/servicePrincipal/id");
        assertEquals("Old Sense", service.get(second + "/assignmentsInStepWith").text("/leader/displayName"));
        assertEquals(
                service.user.id().value(),
                service.get(second + "/appRoleAssignedTo").text("/value/0/principalId"));
        String steps = added.json().path("steps").toString();
        assertTrue(steps.contains("published at " + added.text(login + "/externalUrl")), steps);
        assertTrue(steps.contains("setspn -S HTTP/old.corp"), steps);
    }

    @Test
    void anAnswerThatIsNoChoiceIsRefused() {
        Response refused = service.post(
                "/applicationTemplates/qlik-sense-proxied/instantiate",
                "{\"parameters\":{\"internal-url\":\"https://x.corp/\",\"old-release\":\"maybe\"}}");

        assertEquals(400, refused.status());
        assertEquals("parameters.old-release", refused.text("/error/details/0/target"));
        assertTrue(
                refused.raw().body().contains("must be one of no, yes"),
                refused.raw().body());
    }

    @Test
    void productsArePublishedAsTheyNeedIt() {
        JsonNode sharepoint = published("sharepoint-proxied", "https://sp.corp/");
        assertEquals(false, sharepoint.path("isTranslateHostHeaderEnabled").asBoolean());
        assertEquals(true, sharepoint.path("isPersistentCookieEnabled").asBoolean());
        assertEquals(
                "onPremisesKerberos",
                sharepoint.at("/singleSignOnSettings/singleSignOnMode").asString());
        JsonNode desktops = published("rd-gateway", "https://rdg.corp/");
        assertEquals("passthru", desktops.path("externalAuthenticationType").asString());
        assertEquals(false, desktops.path("isHttpOnlyCookieEnabled").asBoolean());
        assertEquals(false, desktops.path("isTranslateHostHeaderEnabled").asBoolean());
        assertEquals(
                "passthru",
                published("ndes", "https://ndes.corp/")
                        .path("externalAuthenticationType")
                        .asString());
        assertEquals(
                "none",
                published("teams-tab", "https://tab.corp/")
                        .path("cookieSameSite")
                        .asString());
    }

    @Test
    void headersOfATemplateTellOfUsers() {
        Response added = service.post(
                "/applicationTemplates/header-based-application/instantiate",
                "{\"displayName\":\"by headers\",\"parameters\":{\"internal-url\":\"https://hdr.corp/\","
                        + "\"user-header\":\"SM_USER\"}}");
        assertEquals(201, added.status(), added.raw().body());
        String settings = "/application/onPremisesPublishing/singleSignOnSettings";
        assertEquals("aadHeaderBased", added.text(settings + "/singleSignOnMode"));
        String headers = settings + "/headerSignOnSettings/headers";
        assertEquals("SM_USER", added.text(headers + "/0/name"));
        assertEquals("userPrincipalName", added.text(headers + "/0/configurations/0/attribute"));
        assertEquals("assigned", added.text(headers + "/2/groupClaim/groups"));

        Response refused = service.post(
                "/applicationTemplates/header-based-application/instantiate",
                "{\"displayName\":\"by host\",\"parameters\":{\"internal-url\":\"https://hdr2.corp/\","
                        + "\"user-header\":\"Host\"}}");
        assertEquals(400, refused.status());
        assertTrue(
                refused.raw().body().contains("headers[0].name"), refused.raw().body());
        assertTrue(service.get("/applications?$filter=displayName%20eq%20'by%20host'")
                .json()
                .path("value")
                .isEmpty());
    }

    private static JsonNode published(String template, String internalUrl) {
        Response added = service.post(
                "/applicationTemplates/" + template + "/instantiate",
                "{\"displayName\":\"as " + template + "\",\"parameters\":{\"internal-url\":\"" + internalUrl + "\"}}");
        assertEquals(201, added.status(), added.raw().body());
        return added.json().at("/application/onPremisesPublishing");
    }

    @Test
    void rolesOfATemplateAreMadeAndGiven() {
        Response added = service.post(
                "/applicationTemplates/grafana-saml/instantiate",
                "{\"parameters\":{\"host\":\"grafana.example\"},\"principals\":[\"" + service.user.id()
                        + "\"],\"role\":\"Editor\"}");
        assertEquals(201, added.status(), added.raw().body());
        String path = "/servicePrincipals/" + added.text("/servicePrincipal/id");

        Response preview = service.post(path + "/signOn/preview", "{\"user\":\"" + service.user.id() + "\"}");

        assertTrue(
                preview.raw()
                        .body()
                        .contains("\"http://schemas.microsoft.com/ws/2008/06/identity/claims/role\",\"nameFormat\":"
                                + "\"urn:oasis:names:tc:SAML:2.0:attrname-format:uri\",\"values\":[\"Editor\"]"),
                preview.raw().body());
    }

    @Test
    void wrongAnswersAreNamedAndNothingIsAdded() {
        int before = service.get("/applications?$top=999").json().path("value").size();

        Response missing = service.post("/applicationTemplates/qlik-sense-saml/instantiate", "{}");
        Response unknown = service.post(
                "/applicationTemplates/grafana-saml/instantiate", "{\"parameters\":{\"host\":\"a.b\",\"port\":\"1\"}}");
        Response nobody = service.post(
                "/applicationTemplates/gitlab-saml/instantiate",
                "{\"parameters\":{\"host\":\"a.b\"},\"principals\":[\"00000000-0000-0000-0000-000000000001\"]}");
        Response role = service.post(
                "/applicationTemplates/gitlab-saml/instantiate",
                "{\"parameters\":{\"host\":\"a.b\"},\"role\":\"King\"}");

        assertEquals("parameters.host", missing.text("/error/details/0/target"));
        assertEquals("parameters.port", unknown.text("/error/details/0/target"));
        assertEquals(400, nobody.status());
        assertEquals("role", role.text("/error/details/0/target"));
        assertEquals(
                before,
                service.get("/applications?$top=999").json().path("value").size());
    }

    @Test
    void onlyWhoMayPublishPublishesByATemplate() {
        var cloud = new User(
                service.tenant.id(),
                UserId.random(),
                "cloud@contoso.example",
                "Cloud",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                false,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                Instant.now());
        service.store.write(stores -> {
            stores.users().insert(cloud);
            stores.roles()
                    .grant(
                            service.tenant.id(),
                            cloud.id().value(),
                            AdminRole.CLOUD_APPLICATION_ADMINISTRATOR.templateId());
            return true;
        });
        service.administration.catchUp();

        assertEquals(201, add(cloud, "\"host\":\"a1.example\"").status());
        assertEquals(
                403,
                add(cloud, "\"host\":\"a2.example\",\"internal-url\":\"https://a2.corp/\"")
                        .status());
    }

    private static Response add(User who, String parameters) {
        return service.call(
                "POST",
                "/v1.0/applicationTemplates/qlik-sense-saml/instantiate",
                Map.of("Authorization", "Bearer " + service.accessToken(who)),
                "{\"displayName\":\"by cloud\",\"parameters\":{" + parameters + "}}");
    }

    /// Whatever we ship must work: each template makes an application from plausible answers.
    @TestFactory
    List<DynamicTest> eachOfOursCanBeAdded() {
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode template :
                service.get("/applicationTemplates?$top=999").json().path("value")) {
            tests.add(DynamicTest.dynamicTest(template.path("key").asString(), () -> {
                ObjectNode body = JsonNodeFactory.instance
                        .objectNode()
                        .put("displayName", "try " + template.path("key").asString());
                ObjectNode answers = body.putObject("parameters");
                String host = template.path("key").asString() + ".try.example";
                template.path("parameters").forEach(parameter -> {
                    String name = parameter.path("name").asString();
                    if (parameter.path("isRequired").asBoolean()) {
                        answers.put(
                                name,
                                name.endsWith("url")
                                        ? "https://" + host + "/"
                                        : name.equals("entity-id") ? "urn:" + host : host);
                    }
                });

                Response added = service.post(
                        "/applicationTemplates/" + template.path("id").asString() + "/instantiate", body.toString());

                assertEquals(201, added.status(), added.raw().body());
                assertEquals(
                        0,
                        added.json().at("/signOn/missing").size(),
                        added.raw().body());
                added.json()
                        .path("steps")
                        .forEach(step -> assertTrue(!step.asString().matches(".*\\{[a-z-]+}.*"), step.asString()));
            }));
        }
        return tests;
    }

    @Test
    void aBadFileIsNamedWithLineAndKeepsNoOtherBack() throws IOException {
        Files.writeString(own.resolve("wiki.yaml"), """
            name: Our wiki
            publisher: Contoso
            sign-on: saml
            parameters:
              - {name: host, required: true}
            identifiers: ["https://{host}"]
            reply-urls: ["https://{host}/acs"]
            """);
        Files.writeString(own.resolve("typo.yaml"), """
            name: Typo
            sign-on: saml
            reply-urls: ["https://{hosst}/acs"]
            identifer: ["x"]
            """);
        Files.writeString(own.resolve("broken.yaml"), "name: [\n");
        Files.writeString(
                own.resolve("plain.yaml"), "name: Plain\nsign-on: saml\nreply-urls: [\"http://x.example/\"]\n");
        Files.writeString(own.resolve("cookie.yaml"), """
            name: Cookie
            proxied: true
            publishing:
              headers: [{name: Cookie, attribute: mail}]
            """);
        Files.writeString(own.resolve("nothing.yaml"), """
            name: Nothing
            proxied: true
            publishing:
              headers:
                - {name: X-User}
            """);
        Files.createSymbolicLink(own.resolve("link.yaml"), Path.of("/etc/hostname"));

        Response list = service.get("/applicationTemplates?$search=contoso");

        assertEquals(List.of("wiki"), keys(list));
        String faults = list.json().path("faults").toString();
        assertTrue(faults.contains("typo.yaml: line 3: "), faults);
        assertTrue(faults.contains("{hosst}, which is no parameter"), faults);
        assertTrue(faults.contains("typo.yaml: line 4: unknown key 'identifer'; known here: "), faults);
        assertTrue(faults.contains("broken.yaml: is not valid YAML, line 2"), faults);
        assertTrue(faults.contains("plain.yaml: cannot be used: 'http://x.example/'"), faults);
        assertTrue(faults.contains("cookie.yaml: cannot be used: 'Cookie'"), faults);
        assertTrue(faults.contains("nothing.yaml: line 4: 'publishing.headers[0].attribute' is missing"), faults);
        assertEquals(5, list.json().path("faults").size(), faults);
    }
}

package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.base.PasswordSeal;
import io.postern.domain.DoorFields;
import io.postern.store.Connector;
import io.postern.store.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A user gives the name and the password that an application wants, in My Apps, by its pages and forms alone
/// (PWD-2).
class OwnPasswordPagesTest {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    @TempDir
    Path folder;

    private Installation service;
    private Connector connector;
    private final PasswordSeal seal = PasswordSeal.create();
    private User user;
    private String application;
    private String appId;
    private String principal;
    private String page;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        connector = ScriptedDirectory.connector(service, "first");
        user = service.someone("alice", "Alice");
        Response made = service.post(
                "/applications",
                "{\"displayName\":\"Wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"https://wiki.corp/\"}}");
        application = "/applications/" + made.text("/id");
        appId = made.text("/appId");
        page = "/password/" + appId;
        principal = "/servicePrincipals/"
                + service.get("/servicePrincipals?$filter=appId%20eq%20'" + appId + "'")
                        .text("/value/0/id");
        mode("{\"singleSignOnMode\":\"password\",\"passwordSignOnSettings\":{\"signOnPage\":\"/login\"}}");
        assign(user.id().value());
        register();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private void mode(String settings) {
        Response set =
                service.patch(application, "{\"onPremisesPublishing\":{\"singleSignOnSettings\":" + settings + "}}");
        assertEquals(204, set.status(), set.raw().body());
    }

    private void assign(String who) {
        Response assigned = service.post(
                principal + "/appRoleAssignedTo",
                "{\"principalId\":\"" + who + "\",\"resourceId\":\""
                        + principal.substring(principal.lastIndexOf('/') + 1)
                        + "\",\"appRoleId\":\"00000000-0000-0000-0000-000000000000\"}");
        assertEquals(201, assigned.status(), assigned.raw().body());
    }

    private void register() {
        assertEquals(200, door("key", "{\"key\":\"" + seal.publicKey() + "\"}").status());
    }

    private Response door(String path, String json) {
        return service.connect(
                "POST",
                "/application-passwords/" + path,
                Map.of(
                        DoorFields.DOOR,
                        DoorFields.ENROLL,
                        DoorFields.CLIENT_CERTIFICATE,
                        connector.certificateFingerprint()),
                json);
    }

    private Response fetch() {
        return door("fetch", "{\"app\":\"" + appId + "\",\"user\":\"" + user.id() + "\"}");
    }

    private String opened() throws Exception {
        JsonNode copy = fetch().json();
        return copy.path("userName").asString() + ":"
                + new String(
                        seal.open(
                                copy.path("sealed").asString(),
                                copy.path("context").asString()),
                        StandardCharsets.UTF_8);
    }

    private Response page(User who, String path) {
        return service.myApps(path, Map.of(DoorFields.SUBJECT, who.tenant() + "/" + who.id() + "/"));
    }

    private static String body(Response page) {
        return page.raw().body();
    }

    private Response send(String form) {
        Response shown = page(user, page);
        Matcher token = TOKEN.matcher(body(shown));
        assertTrue(token.find(), body(shown));
        String cookie =
                shown.raw().headers().firstValue("set-cookie").orElse("").split(";", 2)[0];
        return service.myAppsForm(user, page, cookie, "csrf=" + token.group(1) + "&" + form);
    }

    private static String location(Response response) {
        return response.raw().headers().firstValue("location").orElse("");
    }

    @Test
    void theFirstLaunchAsksAndTheNextOneOpensTheApplication() throws Exception {
        assertTrue(body(page(user, "/")).contains("<a class=\"tile\" href=\"" + page + "\""), body(page(user, "/")));
        assertEquals(page, location(page(user, "/launch/" + appId)));
        assertTrue(body(page(user, page)).contains("Your password at Wiki"));

        Response given = send("name=+al%26ice+&password=p%C3%A4ss+%2B%261%25");

        assertEquals(303, given.status(), body(given));
        assertTrue(location(given).startsWith("https://wiki"), location(given));
        assertEquals("close", given.raw().headers().firstValue("connection").orElse(""), "the buffer goes with it");
        assertEquals("al&ice:päss +&1%", opened());
        assertFalse(body(page(user, "/")).contains("class=\"tile\" href=\"" + page));
        assertTrue(body(page(user, "/")).contains("aria-label=\"Name and password for Wiki\""), "still to be found");
        assertTrue(location(page(user, "/launch/" + appId)).startsWith("https://wiki"));
        String shown = body(page(user, page));
        assertTrue(shown.contains("value=\"al&amp;ice\""), shown);
        assertFalse(shown.contains("päss"), "a password is never shown");
    }

    @Test
    void itIsChangedAndDeletedAndAuditedWithoutThePassword() throws Exception {
        send("name=alice&password=first-s3cret");
        send("name=alice2&password=second-s3cret");
        assertEquals("alice2:second-s3cret", opened());

        Response deleted = send("do=delete");

        assertEquals(page + "?done=deleted", location(deleted));
        assertTrue(body(page(user, page + "?done=deleted")).contains("Deleted."));
        assertEquals(404, fetch().status());
        assertEquals(page, location(page(user, "/launch/" + appId)));
        String log = service.get("/auditLogs/directoryAudits").raw().body();
        for (String entry : new String[] {"Add", "Update", "Remove"}) {
            assertTrue(log.contains(entry + " password single sign-on credentials"), log);
        }
        assertTrue(log.contains(user.userPrincipalName()), "he did it himself: " + log);
        assertFalse(log.contains("s3cret"), log);
    }

    @Test
    void whatIsWrongChangesNothing() throws Exception {
        send("name=alice&password=s3cret");

        assertEquals(400, send("name=&password=other").status());
        assertEquals(400, send("name=alice&password=").status());
        assertEquals(400, send("name=alice&password=a%00b").status());
        assertEquals(400, send("name=alice&password=%zz").status());
        assertEquals(400, send("name=alice&password=a&password=b").status());
        Response stale = service.myAppsForm(user, page, "", "csrf=x&name=alice&password=other");
        assertEquals(409, stale.status());
        assertFalse(body(stale).contains("other"), "never given back");

        assertEquals("alice:s3cret", opened());
    }

    @Test
    void whatAGroupHasIsNotTheUsersToGive() throws Exception {
        String group = service.post(
                        "/groups",
                        "{\"displayName\":\"Team\",\"mailNickname\":\"team\",\"mailEnabled\":false,\"securityEnabled\":true}")
                .text("/id");
        Response form = page(user, page);
        service.post(
                "/groups/" + group + "/members/$ref",
                "{\"@odata.id\":\"https://x/directoryObjects/" + user.id() + "\"}");
        service.post(
                principal + "/createPasswordSingleSignOnCredentials",
                "{\"id\":\"" + group
                        + "\",\"credentials\":[{\"fieldId\":\"u\",\"value\":\"shared\",\"type\":\"username\"},"
                        + "{\"fieldId\":\"p\",\"value\":\"of-group\",\"type\":\"password\"}]}");
        Matcher token = TOKEN.matcher(body(form));
        assertTrue(token.find());
        String cookie = form.raw().headers().firstValue("set-cookie").orElse("").split(";", 2)[0];

        Response refused =
                service.myAppsForm(user, page, cookie, "csrf=" + token.group(1) + "&name=mine&password=mine");

        assertEquals(409, refused.status());
        assertEquals("shared:of-group", opened());
        assertTrue(body(page(user, page)).contains("There is nothing for you to give"));
        assertFalse(body(page(user, "/")).contains(page), "no tile leads there");
    }

    @Test
    void nobodyGivesOneForWhatIsNotHis() {
        User other = service.someone("mallory", "Mallory");
        assertEquals(404, page(other, page).status());
        assertEquals(404, page(user, "/password/" + "0".repeat(8)).status());

        mode("{\"singleSignOnMode\":\"none\"}");

        assertEquals(404, page(user, page).status());
        assertFalse(body(page(user, "/")).contains(page));
    }

    @Test
    void itIsSaidInGermanToo() {
        Response german = service.myApps(
                page, Map.of(DoorFields.SUBJECT, user.tenant() + "/" + user.id() + "/", "Accept-Language", "de"));

        assertTrue(body(german).contains("Ihr Passwort bei Wiki"), body(german));
    }
}

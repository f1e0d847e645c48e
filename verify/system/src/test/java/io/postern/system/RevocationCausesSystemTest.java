package io.postern.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.fixtures.Browser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Whatever takes access back ends what is open at once, refuses the next request, and stands in the audit log
/// (CAE-1, CAE-4): service, gateway and connector are real, each cause has a user of its own.
class RevocationCausesSystemTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PASSWORD = "umbrella-tractor-velvet-41";
    private static final String NEW_PASSWORD = "lantern-orchid-summit-58";
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    /// Long enough for signing in and opening everything before.
    private static final Duration ENDS_IN = Duration.ofSeconds(2);

    private static final int SIGN_IN_AGAIN = 401;
    private static final int FORBIDDEN = 403;

    private static Quickstart quickstart;
    private static URI application;
    private static String principal;
    private static String group = "none";
    private static HttpClient client;

    /// What happens, what the next request is told, and how the audit log calls it.
    enum Cause {
        USER_DISABLED(SIGN_IN_AGAIN, "Update user"),
        USER_DELETED(SIGN_IN_AGAIN, "Delete user"),
        PASSWORD_CHANGED_BY_HIMSELF(SIGN_IN_AGAIN, "Change user password"),
        PASSWORD_RESET(SIGN_IN_AGAIN, "Reset user password"),
        ASSIGNMENT_REMOVED(FORBIDDEN, "Remove app role assignment"),
        ASSIGNMENT_ENDED(FORBIDDEN, "App role assignment ended"),
        GROUP_LEFT(FORBIDDEN, "Remove member from group"),
        GROUP_DELETED(FORBIDDEN, "Delete group"),
        SESSION_ENDED_BY_HIMSELF(SIGN_IN_AGAIN, "End sign-in session"),
        SESSION_ENDED_BY_ADMINISTRATOR(SIGN_IN_AGAIN, "End sign-in session"),
        DEVICE_ENDED_BY_ADMINISTRATOR(SIGN_IN_AGAIN, "End sign-in session"),
        SESSIONS_REVOKED(SIGN_IN_AGAIN, "Revoke sign-in sessions"),
        APPLICATION_REVOKED(SIGN_IN_AGAIN, "Revoke sign-in sessions of application"),
        APPLICATION_DISABLED(FORBIDDEN, "Update service principal");

        final int refusal;
        final String activity;

        Cause(int refusal, String activity) {
            this.refusal = refusal;
            this.activity = activity;
        }

        String user() {
            return "taken." + name().toLowerCase(Locale.ROOT).replace('_', '.') + "@contoso.example";
        }
    }

    @BeforeAll
    static void publish() {
        quickstart = Quickstart.shared();
        client = Browser.client(quickstart.authority());
        String inside = quickstart
                .ready()
                .path("apps")
                .path(0)
                .path("internalUrl")
                .asString()
                .replace("127.0.0.1", "localhost"); // by another name, since it is published already
        quickstart
                .cli("app", "publish", "--name", "taken", "--internal-url", inside)
                .expectSuccess();
        application = URI.create(quickstart.application("sense").toString().replace("sense-", "taken-"));
        principal = api("GET", "servicePrincipals?$filter=displayName%20eq%20'taken'", "")
                .path("value")
                .path(0)
                .path("id")
                .asString();
    }

    @AfterAll
    static void remove() {
        api("DELETE", "servicePrincipals/" + principal, "");
    }

    @ParameterizedTest
    @EnumSource
    void endsWhatIsOpenAndRefusesTheNextRequest(Cause cause, TestReporter report) throws Exception {
        String id = api("POST", "users", """
                {"userPrincipalName": "%s", "displayName": "Taken back", "passwordProfile": {"password": "%s"}}
                """.formatted(cause.user(), PASSWORD))
                .path("id")
                .asString();
        String assignment = assign(cause, id);
        var browser = new Browser(quickstart.authority());
        Await.until(
                "it is published to him",
                () -> browser.openSignedIn(application.resolve("hub"), cause.user(), PASSWORD)
                                .status()
                        == 200);
        OpenStreams open = OpenStreams.of(browser, application);
        assertEquals(200, open.statusOfTheNextRequest());

        long since = happens(cause, id, assignment);
        long millis = open.millisToTheEnd(since);

        report.publishEntry(cause.name(), millis + " ms");
        assertEquals(cause.refusal, open.statusOfTheNextRequest());
        Await.until("it stands in the audit log", () -> isAudited(cause, id));
    }

    /// @return when access was taken back, as `System.nanoTime` tells it
    private static long happens(Cause cause, String user, String assignment) throws Exception {
        String one = "users/" + user;
        long now = System.nanoTime();
        switch (cause) {
            case USER_DISABLED -> api("PATCH", one, "{\"accountEnabled\": false}");
            case USER_DELETED -> api("DELETE", one, "");
            case PASSWORD_CHANGED_BY_HIMSELF ->
                now = post(
                        cause,
                        "security-info",
                        Map.of("do", "password", "old", PASSWORD, "new", NEW_PASSWORD, "again", NEW_PASSWORD));
            case PASSWORD_RESET -> api("PATCH", one, "{\"passwordProfile\": {\"password\": \"" + NEW_PASSWORD + "\"}}");
            case ASSIGNMENT_REMOVED ->
                api("DELETE", "servicePrincipals/" + principal + "/appRoleAssignedTo/" + assignment, "");
            case ASSIGNMENT_ENDED -> {
                Instant end = Instant.now().plus(ENDS_IN);
                now += ENDS_IN.toNanos();
                api(
                        "PATCH",
                        "servicePrincipals/" + principal + "/appRoleAssignedTo/" + assignment,
                        "{\"endDateTime\": \"" + end + "\"}");
            }
            case GROUP_LEFT -> api("DELETE", "groups/" + group + "/members/" + user + "/$ref", "");
            case GROUP_DELETED -> api("DELETE", "groups/" + group, "");
            case SESSION_ENDED_BY_HIMSELF -> now = post(cause, "sessions", Map.of("session", "others"));
            case SESSION_ENDED_BY_ADMINISTRATOR -> {
                String session = sessionOf(one).path("id").asString();
                now = System.nanoTime();
                api("DELETE", one + "/sessions/" + session, "");
            }
            case DEVICE_ENDED_BY_ADMINISTRATOR -> {
                String device = sessionOf(one).path("deviceDisplayName").asString();
                now = System.nanoTime();
                api("POST", one + "/sessions/endByDevice", "{\"deviceDisplayName\": \"" + device + "\"}");
            }
            case SESSIONS_REVOKED -> api("POST", one + "/revokeSignInSessions", "");
            case APPLICATION_REVOKED -> api("POST", "servicePrincipals/" + principal + "/revokeSignInSessions", "");
            case APPLICATION_DISABLED -> api("PATCH", "servicePrincipals/" + principal, "{\"accountEnabled\": false}");
        }
        return now;
    }

    private static JsonNode sessionOf(String user) {
        return api("GET", user + "/sessions", "").path("value").path(0);
    }

    /// To the application, by a group where the cause is one of groups. @return id of the assignment
    private static String assign(Cause cause, String user) {
        String whom = user;
        if (cause == Cause.GROUP_LEFT || cause == Cause.GROUP_DELETED) {
            group = api("POST", "groups", "{\"displayName\": \"" + cause + "\"}")
                    .path("id")
                    .asString();
            api(
                    "POST",
                    "groups/" + group + "/members/$ref",
                    "{\"@odata.id\": \"" + quickstart.url("api") + "v1.0/users/" + user + "\"}");
            whom = group;
        }
        return api(
                        "POST",
                        "servicePrincipals/" + principal + "/appRoleAssignedTo",
                        "{\"principalId\": \"" + whom + "\"}")
                .path("id")
                .asString();
    }

    /// By the user himself, in another browser. @return when, as `System.nanoTime` tells it
    private static long post(Cause cause, String form, Map<String, String> fields) {
        URI page = quickstart.url("login").resolve("contoso/" + form);
        var other = new Browser(quickstart.authority());
        other.openSignedIn(page.resolve("security-info"), cause.user(), PASSWORD);
        Matcher csrf = CSRF.matcher(other.open(page).body());
        assertTrue(csrf.find(), "the page has its form");
        var all = new HashMap<>(fields);
        all.put("csrf", csrf.group(1));
        long now = System.nanoTime();
        Browser.Page done = other.post(page, all);
        assertEquals(200, done.status(), done.body());
        return now;
    }

    private static boolean isAudited(Cause cause, String user) {
        JsonNode entries = api("GET", "auditLogs/directoryAudits?$top=20", "").path("value");
        for (JsonNode entry : entries) {
            String text = entry.toString();
            if (entry.path("activityDisplayName").asString().equals(cause.activity)
                    && (text.contains(user) || text.contains(principal) || text.contains(group))) {
                return true;
            }
        }
        throw new AssertionError("no '" + cause.activity + "' in " + entries);
    }

    private static JsonNode api(String method, String path, String body) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(quickstart.url("api").resolve("v1.0/" + path))
                            .header("Authorization", "Bearer " + quickstart.apiToken())
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertTrue(answer.statusCode() < 300, () -> method + " " + path + ": " + answer.body());
            return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
        } catch (IOException e) {
            throw new AssertionError(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}

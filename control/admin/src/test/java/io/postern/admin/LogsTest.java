package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.store.SignIn;
import io.postern.store.User;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The logs as the API shows them (5.1, 5.2, 7.2).
class LogsTest {
    private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
        service.store.write(s -> {
            for (int i = 0; i < 5; i++) {
                s.logs().append(signIn(i == 3 ? service.administrator : service.user, i, i % 2 == 0 ? 0 : 50126));
            }
            return true;
        });
    }

    @AfterAll
    static void close() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status/errorCode eq 50126 | 3 1",
                "userPrincipalName eq 'A.USER@contoso.example' and status/errorCode ne 0 | 1",
                "startswith(userPrincipalName,'b.') | 3",
                "createdDateTime ge 2026-11-20T08:00:02Z and createdDateTime lt 2026-11-20T08:00:04Z | 3 2",
                "createdDateTime le 2026-11-20T09:00:00+01:00 | 0",
                "correlationId eq 'exchange 4' | 4",
                "ipAddress eq '192.0.2.2' | 2",
                "isInteractive eq false | 4",
                "signInEventTypes/any(t: t eq 'nonInteractiveUser') | 4",
                "appDisplayName eq 'O''Brien''s wiki' | 4 3 2 1 0",
            })
    void findsSignInsByFilter(String filter, String found) {
        assertEquals(found, numbers(signIns("$filter=" + encode(filter))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status/errorCode gt 5",
                "passwordHash eq 'x'",
                "createdDateTime ge yesterday",
                "userId eq 'a' or userId eq 'b'",
                "userId eq 'a' and",
                "startswith(createdDateTime,'2026')",
                "userId eq 'a'; DROP TABLE users"
            })
    void refusesAFilterThatItDoesNotUnderstandAndSaysWhere(String filter) {
        Response refused = signIns("$filter=" + encode(filter));

        assertEquals(400, refused.status());
        assertTrue(refused.text("/error/message").contains("2026-11-22T08:00:00Z")
                || refused.text("/error/message").contains("startswith(<property>"));
    }

    @Test
    void pagesNewestFirstAndOldestFirst() {
        Response first = signIns("$top=2");
        assertEquals("4 3", numbers(first));
        String next = first.text("/@odata.nextLink");
        assertTrue(next.contains("$skiptoken=") && next.contains("top=2"), next);
        Response second = service.get(next.substring(next.indexOf("/auditLogs")));
        assertEquals("2 1", numbers(second));
        String last = second.text("/@odata.nextLink");
        Response third = service.get(last.substring(last.indexOf("/auditLogs")));
        assertEquals("0", numbers(third));
        assertFalse(third.json().has("@odata.nextLink"));
        assertEquals("0 1", numbers(signIns("$top=2&$orderby=" + encode("createdDateTime asc"))));
        assertEquals(400, signIns("$top=1001").status());
        assertEquals(400, signIns("$orderby=userId").status());
    }

    @Test
    void showsOneEntryWithItsPlaceInTheChain() {
        String id = signIns("$top=1").text("/value/0/id");

        Response one = service.get("/auditLogs/signIns/" + id);

        assertEquals(id, one.text("/id"));
        assertEquals(64, one.text("/chain/hash").length());
        assertEquals(404, service.get("/auditLogs/directoryAudits/" + id).status(), "of the other log");
    }

    @Test
    void everybodySeesHisOwnSignInsWhateverHeFiltersFor() {
        var token = Map.of("Authorization", "Bearer " + service.accessToken(service.user));

        assertEquals("4 2 1 0", numbers(service.call("GET", "/v1.0/me/signIns", token, null)));
        assertEquals(
                "",
                numbers(service.call(
                        "GET",
                        "/v1.0/me/signIns?$filter=" + encode("userId eq '" + service.administrator.id() + "'"),
                        token,
                        null)));
        assertEquals(
                403, service.call("GET", "/v1.0/auditLogs/signIns", token, null).status());
    }

    @Test
    void auditEntriesTellWhoDidWhatToWhom() {
        service.post("/groups", "{\"displayName\":\"told\"}");

        Response log = service.get("/auditLogs/directoryAudits?$filter="
                + encode("category eq 'GroupManagement' and initiatedBy/app/displayName eq 'quickstart'"));

        assertEquals("Add group", log.text("/value/0/activityDisplayName"));
        assertEquals("Add", log.text("/value/0/operationType"));
        assertEquals("Core Directory", log.text("/value/0/loggedByService"));
        assertEquals(service.quickstart.id().value(), log.text("/value/0/initiatedBy/app/servicePrincipalId"));
        assertTrue(log.json().at("/value/0/initiatedBy/user").isNull());
        assertEquals("told", log.text("/value/0/targetResources/0/displayName"));
        assertEquals("azureAD", log.text("/value/0/targetResources/0/groupType"), "not one of Microsoft 365");
        assertFalse(log.text("/value/0/correlationId").isEmpty());
        String target = log.text("/value/0/targetResources/0/id");
        assertEquals(
                1,
                service.get("/auditLogs/directoryAudits?$filter="
                                + encode("targetResources/any(t: t/id eq '" + target + "')"))
                        .json()
                        .path("value")
                        .size());
    }

    private static Response signIns(String query) {
        return service.get("/auditLogs/signIns?" + query);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The last part of each correlation id.
    private static String numbers(Response page) {
        assertEquals(200, page.status(), page.raw().body());
        return String.join(
                " ",
                StreamSupport.stream(page.json().path("value").spliterator(), false)
                        .map(e -> e.path("correlationId").asString().replace("exchange ", ""))
                        .toList());
    }

    private static SignIn signIn(User user, int number, int error) {
        return new SignIn(
                UUID.randomUUID().toString(),
                service.tenant.id(),
                START.plusSeconds(number),
                "exchange " + number,
                number == 4 ? SignIn.Kind.NON_INTERACTIVE_USER : SignIn.Kind.INTERACTIVE_USER,
                new SignIn.Subject(user.id().value(), user.userPrincipalName(), user.displayName()),
                new SignIn.Party("55555555-5555-5555-5555-555555555555", "O'Brien's wiki"),
                SignIn.Party.NONE,
                "192.0.2." + number,
                SignIn.Device.UNKNOWN,
                "Browser",
                "oAuth2",
                List.of("Password"),
                false,
                Optional.empty(),
                Optional.empty(),
                error,
                error == 0 ? "" : "wrong",
                "");
    }
}

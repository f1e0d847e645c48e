package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.SessionId;
import io.postern.fixtures.PostgresServer;
import io.postern.store.SessionClientStore;
import io.postern.store.Store;
import io.postern.store.User;
import io.postern.store.sql.DatabaseAddress;
import io.postern.store.sql.SqlStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions, listed and ended by users and administrators (4.9).
class UserSessionsTest {
    @TempDir
    Path folder;

    private Installation service;

    @BeforeEach
    void open() {
        service = new Installation(folder);
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void listsWhereAUserIsSignedIn() {
        SessionId id = session(service.user, "Firefox on Linux", "33333333-3333-3333-3333-333333333333");

        Response list = service.get("/users/a.user@contoso.example/sessions");

        assertEquals(1, list.json().path("value").size(), list.raw().body());
        assertEquals(id.value(), list.text("/value/0/id"));
        assertEquals("Firefox on Linux", list.text("/value/0/deviceDisplayName"));
        assertEquals("192.0.2.1", list.text("/value/0/ipAddress"));
        assertEquals("33333333-3333-3333-3333-333333333333", list.text("/value/0/appIds/0"));
        assertFalse(list.raw().body().contains("hash"), "nothing of the cookie");
    }

    @Test
    void endsOneSessionAndSaysSoToEveryGatewayAndInTheLog() {
        SessionId id = session(service.user, "Firefox on Linux", "");
        SessionId other = session(service.user, "Chrome on Windows", "");

        assertEquals(
                204,
                service.delete("/users/a.user@contoso.example/sessions/" + id).status());

        assertTrue(isEnded(id));
        assertFalse(isEnded(other));
        assertEquals(
                404,
                service.delete("/users/a.user@contoso.example/sessions/" + id).status());
        Response log = service.get(
                "/auditLogs/directoryAudits?$filter=" + "activityDisplayName%20eq%20'End%20sign-in%20session'");
        assertEquals("a.user@contoso.example", log.text("/value/0/targetResources/0/userPrincipalName"));
        assertTrue(log.raw().body().contains(id.value()));
    }

    @Test
    void endsByDeviceByApplicationAndByUser() {
        SessionId phone = session(service.user, "Safari on iPhone", "");
        SessionId wiki = session(service.user, "Firefox on Linux", "44444444-4444-4444-4444-444444444444");
        SessionId rest = session(service.user, "Chrome on Windows", "");
        String sessions = "/users/a.user@contoso.example/sessions";

        assertEquals(
                1,
                service.post(sessions + "/endByDevice", "{\"deviceDisplayName\":\"safari on iphone\"}")
                        .json()
                        .path("ended")
                        .asInt());
        assertTrue(isEnded(phone));

        String principal = service.quickstart.id().value();
        assertEquals(
                0,
                service.post("/servicePrincipals/" + principal + "/revokeSignInSessions", "{}")
                        .json()
                        .path("ended")
                        .asInt());
        client(wiki, service.quickstart.appId().value());
        assertEquals(
                1,
                service.post("/servicePrincipals/" + principal + "/revokeSignInSessions", "{}")
                        .json()
                        .path("ended")
                        .asInt());
        assertTrue(isEnded(wiki));
        assertFalse(isEnded(rest));

        assertEquals(
                200,
                service.post("/users/a.user@contoso.example/revokeSignInSessions", "{}")
                        .status());
        assertTrue(isEnded(rest), "though it began in this very second");
        assertEquals(0, service.get(sessions).json().path("value").size());
    }

    @Test
    void aUserSeesAndEndsHisOwnOnly() {
        SessionId own = session(service.user, "Firefox on Linux", "");
        SessionId foreign = session(service.administrator, "Chrome on Windows", "");
        var token = Map.of("Authorization", "Bearer " + service.accessToken(service.user));

        Response list = service.call("GET", "/v1.0/me/sessions", token, null);
        assertEquals(own.value(), list.text("/value/0/id"));
        assertEquals(1, list.json().path("value").size());
        assertEquals(
                404,
                service.call("DELETE", "/v1.0/me/sessions/" + foreign, token, null)
                        .status());
        assertEquals(
                204,
                service.call("DELETE", "/v1.0/me/sessions/" + own, token, null).status());
        assertTrue(isEnded(own));
        assertFalse(isEnded(foreign));
    }

    @Test
    void everyNodeHearsOfIt() throws Exception {
        DatabaseAddress address = DatabaseAddress.parse(PostgresServer.shared().createDatabase());
        Path own = Files.createDirectories(folder.resolve("nodes"));
        try (var first = new Installation(own, Clock.systemUTC(), OutsideSettings.DEFAULTS, address);
                Store connection = SqlStore.open(address);
                Administration second = first.node("srv-b", connection)) {
            SessionId id = first.session(first.user, "Firefox on Linux");

            assertEquals(
                    204,
                    first.delete("/users/" + first.user.id() + "/sessions/" + id)
                            .status());
            Installation.await(
                    () -> second.snapshots().current().revocations().sessions().contains(id));

            assertEquals(
                    204,
                    first.patch("/users/" + first.user.id(), "{\"accountEnabled\":false}")
                            .status());
            Installation.await(() ->
                    second.snapshots().current().revocations().usersNotBefore().containsKey(first.user.id()));
        }
    }

    private boolean isEnded(SessionId id) {
        return service.store.read(s -> s.revocations().sessions().stream()
                        .anyMatch(e -> e.session().equals(id)))
                && service.administration
                        .snapshots()
                        .current()
                        .revocations()
                        .sessions()
                        .contains(id);
    }

    private SessionId session(User user, String device, String appId) {
        SessionId id = service.session(user, device);
        if (!appId.isEmpty()) {
            client(id, appId);
        }
        return id;
    }

    private void client(SessionId session, String appId) {
        service.store.write(s -> {
            s.sessionClients()
                    .add(new SessionClientStore.Row(
                            service.tenant.id(),
                            session,
                            appId,
                            service.user.id(),
                            0,
                            Instant.now(),
                            Instant.now().plusSeconds(3600)));
            return session;
        });
    }
}

package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.AccessEvent;
import io.postern.domain.event.Cause;
import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an administrator learns by the id of an error page (section 6.1).
class ExchangesTest {
    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    private Installation service;
    private AppId app;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        Response wiki = service.post(
                "/applications",
                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}");
        app = new AppId(wiki.text("/appId"));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private void ended(String exchange, Optional<AppId> application, boolean user, int status, Optional<Cause> cause) {
        service.administration
                .events()
                .access(new AccessEvent(
                        clock.instant(),
                        exchange,
                        "192.0.2.1",
                        "GET",
                        "wiki.example",
                        "/reports",
                        application,
                        user ? Optional.of(service.user.id()) : Optional.empty(),
                        user ? Optional.of(ConnectorId.random()) : Optional.empty(),
                        "bad_gateway",
                        status,
                        cause,
                        0,
                        512,
                        new AccessEvent.Stages(100, 200, 300, 400)));
    }

    private Response shown(String exchange) throws Exception {
        Installation.await(() -> ask(exchange).status() == 200);
        return ask(exchange);
    }

    private Response ask(String exchange) {
        return service.get(Installation.PROFILE + "/exchanges/" + exchange);
    }

    @Test
    void tellsWhoWhatWhyAndWhatToDo() throws Exception {
        ended("e".repeat(32), Optional.of(app), true, 502, Optional.of(Cause.CONNECT));
        Response shown = shown("e".repeat(32));

        assertEquals("wiki", shown.text("/application/displayName"));
        assertEquals("a.user@contoso.example", shown.text("/user/userPrincipalName"));
        assertEquals("(deleted)", shown.text("/connector/machineName"));
        assertEquals("connect", shown.text("/reason"));
        assertEquals(Cause.CONNECT.remedy(), shown.text("/remedy"));
        assertEquals(502, shown.json().at("/status").asInt());
        assertEquals(300, shown.json().at("/micros/firstByte").asInt());
        assertEquals(Installation.NODE, shown.text("/node"));
    }

    @Test
    void keepsTheBackendsOwnFaultsOfUsers() throws Exception {
        ended("a".repeat(32), Optional.of(app), true, 500, Optional.empty());
        assertEquals("backend_status", shown("a".repeat(32)).text("/reason"));
    }

    @Test
    void forgetsAfterADay() throws Exception {
        ended("b".repeat(32), Optional.of(app), true, 502, Optional.of(Cause.TLS));
        shown("b".repeat(32));
        clock.advance(Duration.ofHours(25));
        Response gone = ask("b".repeat(32));
        assertEquals(404, gone.status());
        assertTrue(gone.text("/error/message").contains("access logs"), gone.text("/error/message"));
    }

    @Test
    void tellsOtherTenantsNothing() throws Exception {
        ended("c".repeat(32), Optional.of(app), true, 502, Optional.of(Cause.TLS));
        shown("c".repeat(32));
        Response foreign = service.call(
                "GET",
                "/v1.0" + Installation.PROFILE + "/exchanges/" + "c".repeat(32),
                java.util.Map.of("Authorization", "Bearer " + service.otherTenantToken()),
                null);
        assertEquals(404, foreign.status());
    }

    @Test
    void strangersNeverPushOutWhatAUserMet() throws Exception {
        ended("d".repeat(32), Optional.of(app), true, 502, Optional.of(Cause.TLS));
        for (int i = 0; i < 5_000; i++) {
            ended("%032x".formatted(i), Optional.empty(), false, 404, Optional.of(Cause.NOTHING_PUBLISHED));
        }
        shown("%032x".formatted(4_999));
        assertEquals(404, ask("%032x".formatted(0)).status());
        assertEquals(200, ask("d".repeat(32)).status());
    }
}

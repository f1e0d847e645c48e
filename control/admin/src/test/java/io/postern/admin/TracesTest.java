package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.event.AccessEvent.Stages;
import io.postern.domain.event.Cause;
import io.postern.domain.event.Traced;
import io.postern.domain.event.Traced.Field;
import io.postern.domain.event.Traced.Side;
import io.postern.domain.snapshot.Trace;
import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Traces as administrators start, read and end them (section 6.1), and their bounds.
class TracesTest {
    private static final String TRACES = Installation.PROFILE + "/traces";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    private Installation service;
    private Response wiki;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        wiki = published("wiki", "aadPreAuthentication");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response published(String name, String authentication) {
        return service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"http://" + name
                        + ".corp/\",\"externalAuthenticationType\":\"" + authentication + "\"}}");
    }

    private Response start(Response application, String duration) {
        return service.post(
                TRACES,
                "{\"applicationId\":\"" + application.text("/id") + "\",\"userId\":\"" + service.user.id()
                        + "\",\"duration\":\"" + duration + "\"}");
    }

    private List<Trace> inForce() {
        return service.administration.snapshots().current().traces();
    }

    private Traced exchange(String trace, String id, boolean answered) {
        var client = new Side(
                "HTTP/2",
                "GET",
                "https://wiki.example/a?q=(blanked-3-aaaa)",
                List.of(new Field("cookie", "sid=(blanked-9-bbbb)"), new Field("accept", "text/html")),
                0,
                answered ? 302 : 0,
                List.of(new Field("set-cookie", "sid=(blanked-4-cccc); Path=/; Secure"), new Field("location", "/b")),
                5);
        var backend =
                new Side("HTTP/1.1", "GET", "http://wiki.corp/a?q=(blanked-3-aaaa)", List.of(), 0, 302, List.of(), 5);
        return new Traced(
                trace,
                id,
                clock.instant(),
                "192.0.2.1",
                client,
                answered ? Optional.of(backend) : Optional.empty(),
                answered ? Optional.of(ConnectorId.random()) : Optional.empty(),
                answered ? Optional.empty() : Optional.of(Cause.NO_CONNECTOR),
                new Stages(100, answered ? 200 : -1, answered ? 1_300 : -1, 2_000),
                0);
    }

    private int count(String trace) {
        return service.get(TRACES + "/" + trace).json().path("exchanges").asInt();
    }

    private JsonNode read(String trace) {
        return service.post(TRACES + "/" + trace + "/read", "{}").json();
    }

    @Test
    void reachesTheGatewaysAndLeavesThemByItself() throws Exception {
        Response trace = start(wiki, "PT5M");

        assertEquals(201, trace.status());
        assertEquals("running", trace.text("/status"));
        assertEquals("2026-11-21T08:05:00Z", trace.text("/endDateTime"));
        Trace seen = inForce().getFirst();
        assertEquals(new AppId(wiki.text("/appId")), seen.application());
        assertEquals(service.user.id(), seen.user());
        assertEquals(Instant.parse("2026-11-21T08:05:00Z"), seen.ends());

        clock.advance(Duration.ofMinutes(5));
        assertEquals("ended", service.get(TRACES + "/" + trace.text("/id")).text("/status"));
        published("next", "passthru"); // any change builds the snapshot anew
        assertTrue(inForce().isEmpty());
    }

    @Test
    void isHarWithBothSidesOfAnExchange() throws Exception {
        String trace = start(wiki, "PT5M").text("/id");
        service.administration.events().traced(exchange(trace, "a".repeat(32), true));
        service.administration.events().traced(exchange(trace, "b".repeat(32), false));
        Installation.await(() -> count(trace) == 2);

        JsonNode log = read(trace).path("log");

        HarRules.check(log);
        assertEquals(3, log.path("entries").size(), "two of the first, one of the second");
        JsonNode first = log.path("entries").path(0);
        assertEquals("client", first.path("pageref").asString());
        assertEquals("a".repeat(32), first.path("_exchange").asString());
        assertEquals(1.3, first.path("timings").path("wait").asDouble());
        assertEquals("/b", first.path("response").path("redirectURL").asString());
        assertEquals(
                "sid",
                first.path("request").path("cookies").path(0).path("name").asString());
        assertEquals(
                "q",
                first.path("request").path("queryString").path(0).path("name").asString());
        assertTrue(first.path("response").path("cookies").path(0).path("secure").asBoolean());
        JsonNode second = log.path("entries").path(1);
        assertEquals("backend", second.path("pageref").asString());
        assertEquals(
                "http://wiki.corp/a?q=(blanked-3-aaaa)",
                second.path("request").path("url").asString());
        assertEquals("no_connector", log.path("entries").path(2).path("_cause").asString());
    }

    @Test
    void tellsWhoTracedWhomWhenAndForHowLong() {
        String trace = start(wiki, "PT5M").text("/id");
        read(trace);
        service.post(TRACES + "/" + trace + "/end", "{}");
        service.delete(TRACES + "/" + trace);

        JsonNode audits =
                service.get("/auditLogs/directoryAudits?$top=4").json().path("value");
        var names = audits.valueStream()
                .map(a -> a.path("activityDisplayName").asString())
                .toList();
        assertEquals(
                List.of(
                        "Delete trace of exchanges",
                        "End trace of exchanges",
                        "Read trace of exchanges",
                        "Start trace of exchanges"),
                names);
        String started = audits.path(3).toString();
        assertTrue(started.contains("PT5M") && started.contains("a.user@contoso.example"), started);
        assertTrue(started.contains("wiki"), started);
    }

    @Test
    void endsBeforeItsTimeAndIsForgotten() {
        String trace = start(wiki, "PT5M").text("/id");

        assertEquals("ended", service.post(TRACES + "/" + trace + "/end", "{}").text("/status"));
        assertTrue(inForce().isEmpty());
        assertEquals(204, service.delete(TRACES + "/" + trace).status());
        assertEquals(404, service.get(TRACES + "/" + trace).status());

        String other = start(wiki, "PT5M").text("/id");
        clock.advance(Duration.ofMinutes(66));
        service.store.write(stores -> stores.purge(clock.instant()));
        assertEquals(404, service.get(TRACES + "/" + other).status());
    }

    @Test
    void isBoundedInTimeNumberAndRoom() throws Exception {
        assertEquals(400, start(wiki, "PT61M").status());
        assertEquals(400, start(wiki, "PT0S").status());
        assertEquals(400, start(wiki, "soon").status());
        String trace = start(wiki, "PT1H").text("/id");
        for (int i = 1; i < 8; i++) {
            assertEquals(201, start(wiki, "PT1M").status());
        }
        assertEquals(409, start(wiki, "PT1M").status());

        for (int i = 0; i < 1_003; i++) {
            String id = "%032x".formatted(i);
            service.store.write(stores -> {
                stores.traces().note(trace, id, clock.instant(), "[]", 0, 1_000, 1_000_000);
                return true;
            });
        }
        Response full = service.get(TRACES + "/" + trace);
        assertEquals(1_000, full.json().path("exchanges").asInt());
        assertEquals(3, full.json().path("missedExchanges").asInt());
    }

    @Test
    void needsAnApplicationWhoseUsersSignIn() {
        Response refused = start(published("open", "passthru"), "PT5M");

        assertEquals(400, refused.status());
        assertTrue(refused.text("/error/message").contains("not published with pre-authentication"));
    }

    @Test
    void tellsOtherTenantsNothing() {
        String trace = start(wiki, "PT5M").text("/id");
        Response foreign = service.call(
                "POST",
                "/v1.0" + TRACES + "/" + trace + "/read",
                Map.of("Authorization", "Bearer " + service.otherTenantToken()),
                "{}");

        assertEquals(404, foreign.status());
        assertFalse(foreign.raw().body().contains("wiki"));
    }
}

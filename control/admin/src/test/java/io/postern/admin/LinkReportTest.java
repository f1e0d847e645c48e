package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.AppId;
import io.postern.domain.links.LinkFinding;
import io.postern.domain.links.LinkReport;
import io.postern.domain.links.SeenAnswer;
import io.postern.domain.links.SeenLink;
import io.postern.fixtures.FakeClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The dry run of link translation by the API (1.10); who may call it is RouteAccessTest's.
class LinkReportTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(NOW);
    private Installation service;
    private AppId app;
    private String path;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        Response wiki = service.post(
                "/applications",
                "{\"displayName\":\"wiki\",\"onPremisesPublishing\":{\"internalUrl\":\"http://wiki.corp/\"}}");
        app = new AppId(wiki.text("/appId"));
        path = "/applications/" + wiki.text("/id") + "/onPremisesPublishing/linkReport";
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static LinkReport report() {
        return new LinkReport(
                Optional.of(NOW),
                Optional.of(NOW.plusSeconds(60)),
                7,
                false,
                List.of(
                        new SeenLink(
                                "http://hr.corp/",
                                "attribute",
                                LinkFinding.NOT_PUBLISHED,
                                Optional.empty(),
                                3,
                                List.of("/a", "/b")),
                        new SeenLink(
                                "http://wiki/x",
                                "script",
                                LinkFinding.PLACE_SWITCHED_OFF,
                                Optional.of("https://wiki.example/x"),
                                1,
                                List.of("/a"))),
                List.of(new SeenAnswer(LinkFinding.UNKNOWN_CODING, "br", 2, List.of("/c"))));
    }

    @Test
    void startsARecordingAndWritesItDown() {
        service.links.started = Optional.of(report());
        Response started = service.post(path, "{\"duration\":\"PT1M\"}");
        assertEquals(200, started.status());
        assertEquals("recording", started.text("/state"));
        assertEquals(Optional.of(Duration.ofMinutes(1)), service.links.length);
        Response audit = service.get("/auditLogs/directoryAudits");
        assertEquals("Record links of application", audit.text("/value/0/activityDisplayName"));
        assertTrue(audit.json().at("/value/0").toString().contains("PT1M"), "says for how long");

        assertEquals(204, service.delete(path).status());
        assertEquals("none", service.get(path).text("/state"));
    }

    @Test
    void tellsWhatWasSeenAndWhyItIsDead() {
        service.links.reports.put(app, report());
        clock.advance(Duration.ofMinutes(2));
        Response shown = service.get(path);
        assertEquals("ended", shown.text("/state"));
        assertEquals(Installation.NODE, shown.text("/node"));
        assertEquals(false, shown.json().at("/isTranslateLinksInBodyEnabled").asBoolean());
        assertEquals(false, shown.json().at("/isComplete").asBoolean());
        assertEquals(7, shown.json().at("/answerCount").asInt());
        assertEquals("http://hr.corp/", shown.text("/links/0/url"));
        assertEquals("not-published", shown.text("/links/0/finding"));
        assertEquals(LinkFinding.NOT_PUBLISHED.remedy(), shown.text("/links/0/remedy"));
        assertTrue(shown.json().at("/links/0/externalUrl").isNull());
        assertEquals("/b", shown.text("/links/0/pages/1"));
        assertEquals("https://wiki.example/x", shown.text("/links/1/externalUrl"));
        assertEquals("br", shown.text("/answersNotRead/0/detail"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT9S", "PT2H", "5m", "-PT1M"})
    void refusesOtherTimes(String duration) {
        Response refused = service.post(path, "{\"duration\":\"" + duration + "\"}");
        assertEquals(400, refused.status());
        assertTrue(refused.text("/error/message").contains("PT10S"), refused.text("/error/message"));
    }

    @Test
    void saysThatTooManyRun() {
        service.links.started = Optional.empty();
        assertEquals(409, service.post(path, "{}").status());
        assertEquals(Optional.of(Duration.ofMinutes(5)), service.links.length);
        assertTrue(
                !service.get("/auditLogs/directoryAudits").raw().body().contains("Record links"),
                "what was not done is not written down");
    }
}

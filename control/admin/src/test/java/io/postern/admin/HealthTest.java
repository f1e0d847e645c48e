package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.admin.service.PathHealth;
import io.postern.domain.AppId;
import io.postern.domain.ConnectorId;
import io.postern.domain.ObjectId;
import io.postern.domain.event.ConnectorEvent;
import io.postern.domain.health.AppPath;
import io.postern.domain.health.HostReport;
import io.postern.domain.health.PathProber;
import io.postern.domain.health.ProbeTarget;
import io.postern.domain.health.Probed;
import io.postern.domain.health.Verdict;
import io.postern.domain.snapshot.PublishedApplication;
import io.postern.fixtures.FakeClock;
import io.postern.store.Connector;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Health as the API tells it (STA-1, APP-6, APP-7): never better than what was found out lately.
class HealthTest {
    private static final Duration INTERVAL = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock(Instant.parse("2026-11-21T08:00:00Z"));
    private Installation service;
    private Response wiki;

    @BeforeEach
    void open() {
        service = new Installation(folder, clock);
        wiki = publish("wiki", "http://wiki.corp/");
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Response publish(String name, String internalUrl) {
        Response published = service.post(
                "/applications",
                "{\"displayName\":\"" + name + "\",\"onPremisesPublishing\":{\"internalUrl\":\"" + internalUrl
                        + "\"}}");
        assertEquals(201, published.status(), published.raw().body());
        return published;
    }

    private ConnectorId connector(String machineName) {
        var connector = ConnectorId.random();
        service.store.write(stores -> {
            stores.connectors()
                    .insert(new Connector(
                            service.tenant.id(),
                            connector,
                            stores.connectorGroups()
                                    .defaultGroup(service.tenant.id())
                                    .id(),
                            machineName,
                            Optional.empty(),
                            "0.1.0",
                            certificate(connector),
                            clock.instant().plus(Duration.ofDays(365)),
                            clock.instant(),
                            Optional.empty(),
                            true,
                            Optional.empty()));
            return true;
        });
        return connector;
    }

    private static String certificate(ConnectorId connector) {
        return connector.value().replace("-", "").repeat(2);
    }

    private void comes(ConnectorId connector, String machineName) {
        tell(opened(connector, machineName));
        service.prober.loads.put(connector, new PathProber.Load(1, 3));
    }

    private ConnectorEvent opened(ConnectorId connector, String machineName) {
        return new ConnectorEvent.TunnelOpened(
                connector, clock.instant(), "203.0.113.7", machineName, "0.1.0", certificate(connector));
    }

    private void goes(ConnectorId connector) {
        tell(new ConnectorEvent.TunnelClosed(connector, clock.instant(), "lost", 0));
        service.prober.loads.remove(connector);
    }

    private void tell(ConnectorEvent event) {
        service.administration.events().connector(event);
    }

    private Probed probed(ConnectorId connector, Verdict verdict, int status) {
        var appId = new AppId(wiki.text("/appId"));
        PublishedApplication published = service.administration.snapshots().current().applications().stream()
                .filter(a -> a.appId().equals(appId))
                .findFirst()
                .orElseThrow();
        return new Probed(
                new AppPath(connector, appId),
                ProbeTarget.of(published.publishing().orElseThrow()).orElseThrow(),
                clock.instant(),
                INTERVAL,
                verdict,
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                Duration.ofMillis(12),
                Optional.of(Duration.ofMillis(3)),
                verdict == Verdict.OK ? "" : "what the connector said",
                "0123456789abcdef0123456789abcdef");
    }

    private JsonNode health() {
        Response response = service.get("/applications/" + wiki.text("/id") + "/onPremisesPublishing/health");
        assertEquals(200, response.status(), response.raw().body());
        return response.json();
    }

    private String verdict() {
        return health().at("/paths/0/verdict").asString();
    }

    @Test
    void publishingThroughAGroupWithoutConnectorsWarns() {
        assertTrue(
                wiki.json().at("/warnings").toString().contains("has no connector"),
                wiki.raw().body());
        assertTrue(health().at("/warnings/0").asString().contains("APP-7"));
        assertTrue(health().at("/paths").isEmpty());
    }

    @Test
    void warnsUntilTwoConnectorsAreActive() {
        ConnectorId one = connector("srv1");
        assertTrue(health().at("/warnings/0").asString().contains("no active connector (1 registered)"));
        comes(one, "srv1");
        assertTrue(health().at("/warnings/0").asString().contains("only one active connector"));
        assertTrue(publish("second", "http://second.corp/")
                .json()
                .at("/warnings")
                .toString()
                .contains("only one"));

        comes(connector("srv2"), "srv2");

        assertTrue(health().at("/warnings").isEmpty());
        assertTrue(
                publish("third", "https://third.corp/").json().at("/warnings").isMissingNode());
    }

    @Test
    void whatWasNotProbedIsUnknown() {
        comes(connector("srv1"), "srv1");

        assertEquals("unknown", verdict());
        assertTrue(health().at("/paths/0/lastProbe").isNull());
    }

    @Test
    void tellsTheLastProbe() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 302)));
        clock.advance(Duration.ofSeconds(20));

        JsonNode path = health().at("/paths/0");

        assertEquals("ok", path.at("/verdict").asString());
        assertEquals("srv1", path.at("/machineName").asString());
        assertEquals(302, path.at("/lastProbe/httpStatus").asInt());
        assertEquals(20, path.at("/lastProbe/ageInSeconds").asInt());
        assertEquals(12.0, path.at("/lastProbe/latencyInMilliseconds").asDouble());
        assertEquals(3.0, path.at("/lastProbe/connectInMilliseconds").asDouble());
        assertEquals("", path.at("/remedy").asString());
    }

    @Test
    void eachBadVerdictComesWithARemedyAndWhatIsBehindIt() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        for (Verdict verdict : Verdict.values()) {
            if (verdict == Verdict.OK) {
                continue;
            }
            clock.advance(Duration.ofSeconds(1));
            tell(new ConnectorEvent.PathProbed(probed(connector, verdict, verdict == Verdict.BAD_STATUS ? 500 : 0)));

            JsonNode path = health().at("/paths/0");

            assertEquals(verdict.wireName(), path.at("/verdict").asString());
            assertEquals("what the connector said", path.at("/detail").asString());
            assertFalse(path.at("/remedy").asString().isBlank(), verdict.wireName());
        }
    }

    @Test
    void aGoodVerdictDoesNotOutliveThreeIntervals() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));
        clock.advance(INTERVAL.multipliedBy(3));
        assertEquals("ok", verdict());

        clock.advance(Duration.ofSeconds(1));

        assertEquals("unknown", verdict());
        assertTrue(health().at("/paths/0/detail").asString().contains("181 s old"));
        assertEquals("ok", health().at("/paths/0/lastProbe/verdict").asString(), "what it said then is still told");
    }

    @Test
    void aGoodVerdictDoesNotOutliveTheTunnel() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));
        assertEquals("ok", verdict());

        goes(connector);

        assertEquals("no-tunnel", verdict());
        clock.advance(Duration.ofSeconds(5));
        comes(connector, "srv1");
        assertEquals("unknown", verdict(), "what was true before it went need not be true now");
    }

    @Test
    void aConnectorThatIsDisabledReachesNothing() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));

        assertEquals(
                204,
                service.patch(Installation.PROFILE + "/connectors/" + connector, "{\"accountEnabled\":false}")
                        .status());

        assertEquals("no-tunnel", verdict());
        assertTrue(health().at("/paths/0/detail").asString().contains("disabled"));
        assertTrue(health().at("/warnings/0").asString().contains("no active connector"));
    }

    @Test
    void aGoodVerdictDoesNotOutliveThePublicationThatItWasMadeFor() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));

        Response changed = service.patch(
                "/applications/" + wiki.text("/id") + "/onPremisesPublishing",
                "{\"internalUrl\":\"http://moved.corp/\"}");

        assertEquals(204, changed.status(), changed.raw().body());
        assertEquals("unknown", verdict());
    }

    @Test
    void anOlderProbeThatComesLateDoesNotOverwriteANewerOne() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        Probed old = probed(connector, Verdict.OK, 200);
        clock.advance(Duration.ofSeconds(5));
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.CONNECT, 0)));

        tell(new ConnectorEvent.PathProbed(old));

        assertEquals("connect", verdict());
    }

    private PathHealth seenFrom(Administration node) {
        return Installation.done(
                        node.services().health().application(service.tenant.id(), new ObjectId(wiki.text("/id"))))
                .paths()
                .getFirst();
    }

    @Test
    void afterARestartNothingIsGreenBeforeItsFirstProbe() throws Exception {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));
        assertEquals("ok", verdict());
        Installation.await(() -> service.store.read(
                stores -> stores.connectors().listAll().getFirst().lastSeen().isPresent()));

        try (Administration again = service.node(Installation.NODE)) {
            assertEquals(Verdict.UNKNOWN, seenFrom(again).verdict(), "seen lately, but no tunnel is back");
            clock.advance(Duration.ofSeconds(2));
            again.events().connector(opened(connector, "srv1"));
            assertEquals(Verdict.UNKNOWN, seenFrom(again).verdict(), "its tunnel is back, nothing was probed");

            again.events().connector(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));
            assertEquals(Verdict.OK, seenFrom(again).verdict());
        }
    }

    /// Each node tells what it found through its own tunnels, and says that it is the one.
    @Test
    void aNodeTellsItsOwnFindingsOfAConnectorThatOthersReachOtherwise() throws Exception {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.PathProbed(probed(connector, Verdict.OK, 200)));
        Installation.await(() -> service.store.read(
                stores -> stores.connectors().listAll().getFirst().lastSeen().isPresent()));

        try (Administration other = service.node("srv-b:8443")) {
            assertEquals(Verdict.UNKNOWN, seenFrom(other).verdict());
            assertTrue(
                    seenFrom(other).detail().contains("another node"),
                    seenFrom(other).detail());
            clock.advance(Duration.ofSeconds(2));
            other.events().connector(opened(connector, "srv1"));
            other.events().connector(new ConnectorEvent.PathProbed(probed(connector, Verdict.CONNECT, 0)));

            assertEquals(Verdict.CONNECT, seenFrom(other).verdict());
            assertEquals("srv-b:8443", other.services().health().node());
        }
        assertEquals("ok", verdict());
        assertEquals(Installation.NODE, health().at("/node").asString());
        assertEquals(Installation.NODE, health().at("/paths/0/node").asString());
    }

    @Test
    void probesOnDemandThroughWhoIsHere() {
        ConnectorId here = connector("srv1");
        ConnectorId away = connector("srv2");
        comes(here, "srv1");
        service.prober.script = paths -> {
            Probed found = probed(here, Verdict.TLS, 0);
            tell(new ConnectorEvent.PathProbed(found));
            return List.of(found);
        };

        Response response = service.post("/applications/" + wiki.text("/id") + "/onPremisesPublishing/probe", "{}");

        assertEquals(200, response.status(), response.raw().body());
        assertEquals(Set.of(new AppPath(here, new AppId(wiki.text("/appId")))), service.prober.asked);
        String verdicts = response.json().at("/paths").toString();
        assertTrue(verdicts.contains("\"tls\"") && verdicts.contains("\"no-tunnel\""), verdicts);
        assertTrue(verdicts.contains(away.value()), verdicts);
    }

    @Test
    void showsAConnectorWithWhatItCarriesAndSays() {
        ConnectorId connector = connector("srv1");
        comes(connector, "srv1");
        tell(new ConnectorEvent.Reported(
                connector,
                clock.instant(),
                new HostReport(
                        clock.instant(),
                        4,
                        OptionalDouble.of(0.5),
                        OptionalDouble.empty(),
                        OptionalLong.of(1 << 30),
                        OptionalLong.empty(),
                        OptionalLong.of(1 << 20),
                        OptionalLong.of(57),
                        OptionalLong.of(1024),
                        3,
                        2,
                        1,
                        10,
                        20)));
        clock.advance(Duration.ofSeconds(7));

        JsonNode shown =
                service.get(Installation.PROFILE + "/connectors/" + connector).json();

        assertEquals("active", shown.at("/status").asString());
        assertEquals("2026-11-21T08:00:00Z", shown.at("/statusSinceDateTime").asString());
        assertEquals("Default", shown.at("/connectorGroup/name").asString());
        assertEquals(1, shown.at("/tunnelCount").asInt());
        assertEquals(3, shown.at("/streamCount").asInt());
        assertEquals(50.0, shown.at("/report/machineCpuPercent").asDouble());
        assertTrue(shown.at("/report/processCpuPercent").isNull());
        assertEquals(57, shown.at("/report/openFiles").asInt());
        assertEquals(7, shown.at("/report/ageInSeconds").asInt());

        goes(connector);

        JsonNode gone =
                service.get(Installation.PROFILE + "/connectors/" + connector).json();
        assertEquals("inactive", gone.at("/status").asString());
        assertEquals("2026-11-21T08:00:07Z", gone.at("/statusSinceDateTime").asString());
        assertTrue(gone.at("/report").isNull(), "what it said is not what it is");
    }

    @Test
    void listsApplicationsOfAConnectorAndAllOfThem() {
        ConnectorId connector = connector("srv1");
        publish("second", "http://second.corp/");

        Response ofOne = service.get(Installation.PROFILE + "/connectors/" + connector + "/applicationHealth?$top=1");
        Response all = service.get(Installation.PROFILE + "/applicationHealth");

        assertEquals("second", ofOne.text("/value/0/applicationDisplayName"));
        assertTrue(ofOne.text("/@odata.nextLink").contains("skiptoken"));
        assertEquals(2, all.json().at("/value").size());
    }
}

package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.service.Actor;
import io.postern.admin.service.Ledger;
import io.postern.admin.service.Updates;
import io.postern.admin.service.Updates.Answer;
import io.postern.admin.service.Updates.Question;
import io.postern.base.Outcome;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.update.Proof;
import io.postern.domain.update.UpdatePolicy;
import io.postern.domain.update.UpdatePolicy.Window;
import io.postern.fixtures.FakeClock;
import io.postern.store.Connector;
import io.postern.store.ConnectorGroup;
import io.postern.store.ConnectorUpdate;
import io.postern.store.ConnectorUpdate.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// UPD-1 to UPD-5: who may update, and when.
class UpdatesTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path folder;

    private Installation service;
    private FakeClock clock;
    private Updates updates;
    private Actor administrator;
    private Connector first;
    private Connector second;
    private Connector elsewhere;

    @BeforeEach
    void open() {
        service = new Installation(folder);
        clock = new FakeClock(NOON);
        updates = new Updates(new Ledger(service.store, clock));
        administrator = new Actor(service.tenant.id(), "admin", "admin", Optional.empty());
        ConnectorGroupId plant = group("Plant");
        first = connector("first", plant);
        second = connector("second", plant);
        elsewhere = connector("elsewhere", group("Office"));
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void majorReleasesGoByThemselvesAndOthersWait() {
        assertTrue(ask(first, "1.4.0", "2.0.0").lease().isPresent());
        Answer minor = ask(elsewhere, "1.4.0", "1.5.0");
        assertEquals(Optional.empty(), minor.lease());
        assertTrue(minor.reason().contains("no major release"), minor.reason());
    }

    @Test
    void oneConnectorOfAGroupAtATime() {
        String lease = ask(first, "1.0.0", "2.0.0").lease().orElseThrow();

        Answer meanwhile = ask(second, "1.0.0", "2.0.0");
        assertEquals(Optional.empty(), meanwhile.lease());
        assertTrue(meanwhile.reason().contains(first.id().value()), meanwhile.reason());
        assertTrue(ask(elsewhere, "1.0.0", "2.0.0").lease().isPresent(), "another group has its own turn");

        end(first, lease, true, "");
        assertTrue(ask(second, "1.0.0", "2.0.0").lease().isPresent());
    }

    @Test
    void aLeaseRunsOutWhenItIsNotKept() {
        String lease = ask(first, "1.0.0", "2.0.0").lease().orElseThrow();

        for (int i = 0; i < 5; i++) { // an update may take long, as long as its updater lives
            clock.advance(Updates.LEASE_LIFE.minusSeconds(1));
            assertEquals(Optional.of(lease), keep(first, lease).lease());
            assertEquals(Optional.empty(), ask(second, "1.0.0", "2.0.0").lease());
        }
        clock.advance(Updates.LEASE_LIFE.plusSeconds(1));
        assertTrue(ask(second, "1.0.0", "2.0.0").lease().isPresent());
        assertEquals(Optional.empty(), keep(first, lease).lease(), "the first one hears that it lost it");
        assertInstanceOf(Outcome.Conflict.class, updates.end(print(first), Optional.empty(), lease, true, ""));
    }

    @Test
    void anUpdaterThatWasStartedAgainGetsItsTurnBack() {
        ask(first, "1.0.0", "2.0.0");

        assertTrue(ask(first, "1.0.0", "2.0.0").lease().isPresent());
    }

    @Test
    void nobodyUsesAnothersLease() {
        String lease = ask(first, "1.0.0", "2.0.0").lease().orElseThrow();

        assertEquals(Optional.empty(), keep(second, lease).lease());
        assertInstanceOf(Outcome.Conflict.class, updates.prove(print(second), lease, "process"));
        assertInstanceOf(Outcome.Conflict.class, updates.end(print(second), Optional.empty(), lease, true, ""));
        assertInstanceOf(Outcome.NotFound.class, updates.prove("0".repeat(64), lease, "process"));
    }

    @Test
    void policyHoldsMajorReleasesBack() {
        policy(new UpdatePolicy(false, Optional.of(NOON.plus(Duration.ofDays(7))), Optional.empty()));
        assertTrue(ask(first, "1.0.0", "2.0.0").reason().contains("deferred until 2026-11-28"));

        policy(new UpdatePolicy(
                false, Optional.empty(), Optional.of(new Window(LocalTime.of(22, 0), LocalTime.of(4, 0)))));
        assertTrue(ask(first, "1.0.0", "2.0.0").reason().contains("opens at 2026-11-21T22:00:00Z"));
        assertEquals(State.WAITING, update(first).state());

        clock.advance(Duration.ofHours(10));
        assertTrue(ask(first, "1.0.0", "2.0.0").lease().isPresent(), "the window is open");
    }

    @Test
    void overrideSkipsDeferralAndWindow() {
        policy(new UpdatePolicy(
                true,
                Optional.of(NOON.plus(Duration.ofDays(7))),
                Optional.of(new Window(LocalTime.of(22, 0), LocalTime.of(4, 0)))));

        assertTrue(ask(first, "1.0.0", "2.0.0").lease().isPresent());
    }

    @Test
    void anAdministratorsWordGoesBeforePolicyAndReleaseKindButNotBeforeTheOthersTurn() {
        policy(new UpdatePolicy(false, Optional.of(NOON.plus(Duration.ofDays(7))), Optional.empty()));
        ask(first, "1.0.0", "1.0.1");
        ask(second, "1.0.0", "1.0.1");
        assertInstanceOf(Outcome.Done.class, updates.request(administrator, first.id()));
        assertInstanceOf(Outcome.Done.class, updates.request(administrator, second.id()));

        String lease = ask(first, "1.0.0", "1.0.1").lease().orElseThrow();
        assertEquals(Optional.empty(), ask(second, "1.0.0", "1.0.1").lease());
        end(first, lease, true, "");
        assertTrue(ask(second, "1.0.0", "1.0.1").lease().isPresent());
        assertEquals(Optional.empty(), ask(first, "1.0.1", "1.0.2").lease(), "the word was for once");
    }

    @Test
    void whatWasRolledBackIsTriedAgainAtAWordOnly() {
        String lease = ask(first, "1.0.0", "2.0.0").lease().orElseThrow();
        end(first, lease, false, "the proof failed: 502");

        assertEquals(State.ROLLED_BACK, update(first).state());
        Answer again = ask(first, "1.0.0", "2.0.0");
        assertEquals(Optional.empty(), again.lease());
        assertEquals("the proof failed: 502", again.reason());
        assertEquals(State.ROLLED_BACK, update(first).state(), "it stays in the list");
        assertTrue(ask(second, "1.0.0", "2.0.0").lease().isPresent(), "others may fare better");

        assertTrue(ask(elsewhere, "1.0.0", "2.0.1").lease().isPresent());
        updates.request(administrator, first.id());
        clock.advance(Updates.LEASE_LIFE.plusSeconds(1));
        assertTrue(ask(first, "1.0.0", "2.0.0").lease().isPresent());
    }

    @Test
    void thereIsNothingToRequestWithoutAnUpdater() {
        Outcome<ConnectorUpdate> outcome = updates.request(administrator, first.id());

        assertTrue(assertInstanceOf(Outcome.Conflict.class, outcome).why().contains("by hand")); // UPD-5
    }

    @Test
    void saysWhatTheUpdaterComplainedOf() {
        updates.ask(
                print(first),
                Optional.empty(),
                new Question("1.0.0", Optional.empty(), "the signature is wrong", Optional.empty()));

        assertEquals(State.FAULT, update(first).state());
        assertEquals("the signature is wrong", update(first).reason());
    }

    @Test
    void passesTheProofOn() {
        updates.proveWith((connector, process) -> CompletableFuture.completedFuture(
                new Proof(connector.equals(first.id()) && process.equals("p"), "seen")));
        String lease = ask(first, "1.0.0", "2.0.0").lease().orElseThrow();

        assertEquals(Outcome.done(new Proof(true, "seen")), updates.prove(print(first), lease, "p"));
    }

    @Test
    void keepsThePolicyAsItWasSet() {
        String path = Installation.PROFILE;
        var answer = service.patch(
                path,
                "{\"hybridAgentUpdaterConfiguration\":{\"allowUpdateConfigurationOverride\":false,"
                        + "\"deferUpdateDateTime\":\"2026-12-24T00:00:00Z\",\"updateWindow\":{"
                        + "\"updateWindowStartTime\":\"22:00:00\",\"updateWindowEndTime\":\"04:00:00\"}}}");

        assertEquals(204, answer.status());
        var policy = service.get(path).json().path("hybridAgentUpdaterConfiguration");
        assertEquals("2026-12-24T00:00:00Z", policy.path("deferUpdateDateTime").asString());
        assertEquals(
                "22:00:00", policy.at("/updateWindow/updateWindowStartTime").asString());
        service.patch(
                path, "{\"hybridAgentUpdaterConfiguration\":{\"deferUpdateDateTime\":null,\"updateWindow\":null}}");
        assertEquals(UpdatePolicy.NONE, updates.policy(service.tenant.id()));
        for (String wrong : List.of(
                "{}",
                "{\"hybridAgentUpdaterConfiguration\":{\"deferUpdateDateTime\":\"tomorrow\"}}",
                "{\"hybridAgentUpdaterConfiguration\":{\"updateWindow\":{\"updateWindowStartTime\":\"22:00:00\"}}}",
                "{\"hybridAgentUpdaterConfiguration\":{\"updateWindow\":{\"updateWindowStartTime\":\"22:00:00\","
                        + "\"updateWindowEndTime\":\"22:00:00\"}}}",
                "{\"hybridAgentUpdaterConfiguration\":{\"window\":1}}")) {
            assertEquals(400, service.patch(path, wrong).status(), wrong);
        }
    }

    private Answer ask(Connector connector, String running, String offered) {
        return done(updates.ask(
                print(connector), Optional.empty(), new Question(running, Optional.of(offered), "", Optional.empty())));
    }

    private Answer keep(Connector connector, String lease) {
        return done(updates.ask(
                print(connector),
                Optional.empty(),
                new Question("1.0.0", Optional.of("2.0.0"), "", Optional.of(lease))));
    }

    private void end(Connector connector, String lease, boolean updated, String reason) {
        done(updates.end(print(connector), Optional.empty(), lease, updated, reason));
    }

    private void policy(UpdatePolicy policy) {
        done(updates.setPolicy(administrator, old -> policy));
    }

    private ConnectorUpdate update(Connector connector) {
        return service.store
                .read(s -> s.updates().find(service.tenant.id(), connector.id()))
                .orElseThrow();
    }

    private static String print(Connector connector) {
        return connector.certificateFingerprint();
    }

    private static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Done<T>(T value)) {
            return value;
        }
        throw new AssertionError(outcome.toString());
    }

    private ConnectorGroupId group(String name) {
        var group =
                new ConnectorGroup(service.tenant.id(), ConnectorGroupId.random(), name, false, Optional.empty(), NOON);
        service.store.write(s -> {
            s.connectorGroups().insert(group);
            return true;
        });
        return group.id();
    }

    private Connector connector(String name, ConnectorGroupId group) {
        var connector = new Connector(
                service.tenant.id(),
                ConnectorId.random(),
                group,
                name,
                Optional.empty(),
                "1.0.0",
                "print-of-" + name,
                NOON.plus(Duration.ofDays(300)),
                NOON,
                Optional.empty(),
                true,
                Optional.empty());
        service.store.write(s -> {
            s.connectors().insert(connector);
            return true;
        });
        return connector;
    }
}

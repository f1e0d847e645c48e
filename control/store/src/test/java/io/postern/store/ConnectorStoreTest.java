package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ConnectorStoreTest extends StoreContract {
    @Test
    void keepsEveryProperty() {
        Tenant tenant = tenant();
        ConnectorGroup group = connectorGroup(tenant, "Plant", false);
        ConnectorGroup other = connectorGroup(tenant, "Office", false);
        Connector connector = connector(group);
        var changed = new Connector(
                tenant.id(),
                connector.id(),
                other.id(),
                "host-2",
                Optional.of("192.0.2.7"),
                "2.0",
                "new-" + connector.id(),
                NOW.plus(Duration.ofDays(700)),
                NOW,
                Optional.of(NOW.plusSeconds(1)),
                false,
                Optional.of(new Connector.Renewed("next-" + connector.id(), NOW.plus(Duration.ofDays(9)))));

        assertEquals(Optional.of(connector), read(s -> s.connectors().find(tenant.id(), connector.id())));
        assertEquals(List.of(connector), read(s -> s.connectors().inGroup(tenant.id(), group.id())));
        assertTrue(write(s -> s.connectors().update(changed)));
        assertEquals(List.of(changed), read(s -> s.connectors().list(tenant.id())));
        assertTrue(read(s -> s.connectors().listAll()).contains(changed));
        assertTrue(read(s -> s.connectors().inGroup(tenant.id(), group.id())).isEmpty());
        assertTrue(write(s -> s.connectors().delete(tenant.id(), connector.id())));
        assertFalse(write(s -> s.connectors().delete(tenant.id(), connector.id())));
    }

    @Test
    void notesPresenceWithoutAChangeOfConfiguration() {
        Tenant tenant = tenant();
        Connector connector = connector(connectorGroup(tenant, "Plant", false));
        long version = store.version();

        assertTrue(write(s -> s.connectors().seen(connector.id(), NOW.plusSeconds(9), "192.0.2.1", "host", "1.1")));

        Connector seen =
                read(s -> s.connectors().find(tenant.id(), connector.id())).orElseThrow();
        assertEquals(Optional.of(NOW.plusSeconds(9)), seen.lastSeen());
        assertEquals(Optional.of("192.0.2.1"), seen.externalIp());
        assertEquals("1.1", seen.version());
        assertEquals(version, store.version());
        assertFalse(write(s -> s.connectors().seen(ConnectorId.random(), NOW, "", "", "")));
    }

    @Test
    void aRenewedCertificateTakesThePlaceOfTheOldOneOnce() {
        Connector connector = connector(connectorGroup(tenant(), "Plant", false));
        String old = connector.certificateFingerprint();
        String next = "next-" + connector.id();
        var renewed = connector.withRenewed(new Connector.Renewed(next, NOW.plus(Duration.ofDays(700))));
        change(s -> s.connectors().update(renewed));

        assertEquals(Optional.of(renewed), read(s -> s.connectors().findByCertificate(old)));
        assertEquals(Optional.of(renewed), read(s -> s.connectors().findByCertificate(next)));
        assertFalse(write(s -> s.connectors().renewedIsUsed(connector.id(), old)));
        assertFalse(write(s -> s.connectors().renewedIsUsed(ConnectorId.random(), next)));
        assertTrue(write(s -> s.connectors().renewedIsUsed(connector.id(), next)));
        assertFalse(write(s -> s.connectors().renewedIsUsed(connector.id(), next)));

        Connector now = read(s -> s.connectors().findByCertificate(next)).orElseThrow();
        assertEquals(NOW.plus(Duration.ofDays(700)), now.certificateExpires());
        assertTrue(now.renewed().isEmpty());
        assertTrue(read(s -> s.connectors().findByCertificate(old)).isEmpty());
    }

    @Test
    void findsThoseThatNobodyHasSeen() {
        ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
        Connector never = connector(group);
        Connector seen = connector(group);
        Connector disabled = connector(group);
        change(s -> s.connectors().seen(seen.id(), NOW.plusSeconds(9), "192.0.2.1", "host", "1.1"));
        change(s -> s.connectors().update(disabled.withEnabled(false)));

        assertEquals(List.of(never.id()), unseen(group, NOW.plusSeconds(5)));
        assertEquals(2, unseen(group, NOW.plusSeconds(10)).size());
        assertTrue(unseen(group, NOW).isEmpty());
    }

    private static List<ConnectorId> unseen(ConnectorGroup group, Instant since) {
        return read(s -> s.connectors().unseenSince(since)).stream()
                .filter(c -> c.group().equals(group.id()))
                .map(Connector::id)
                .toList();
    }

    @Nested
    class Groups {
        @Test
        void keepsEveryPropertyAndFindsTheDefault() {
            Tenant tenant = tenant();
            ConnectorGroup main = connectorGroup(tenant, "Default", true);
            ConnectorGroup plant = connectorGroup(tenant, "Plant", false);
            var renamed = new ConnectorGroup(tenant.id(), plant.id(), "Works", false, Optional.empty(), NOW);

            assertEquals(main, read(s -> s.connectorGroups().defaultGroup(tenant.id())));
            assertEquals(Optional.of(plant), read(s -> s.connectorGroups().findByName(tenant.id(), "PLANT")));
            assertTrue(write(s -> s.connectorGroups().update(renamed)));
            assertEquals(Optional.of(renamed), read(s -> s.connectorGroups().find(tenant.id(), plant.id())));
            assertEquals(List.of(main, renamed), read(s -> s.connectorGroups().list(tenant.id())));
            assertTrue(write(s -> s.connectorGroups().delete(tenant.id(), plant.id())));
        }

        @Test
        void aTenantWithoutDefaultGroupIsAFault() {
            Tenant tenant = tenant();

            assertThrows(
                    IllegalStateException.class,
                    () -> read(s -> s.connectorGroups().defaultGroup(tenant.id())));
        }

        @Test
        void refusesATakenNameWithinTheTenantOnly() {
            Tenant tenant = tenant();
            connectorGroup(tenant, "Plant", false);

            var refused = assertThrows(DuplicateKey.class, () -> connectorGroup(tenant, "plant", false));

            assertEquals("name", refused.property());
            connectorGroup(tenant(), "Plant", false);
        }

        @Test
        void aGroupInUseCannotGo() {
            Tenant tenant = tenant();
            ConnectorGroup group = connectorGroup(tenant, "Plant", false);
            Connector connector = connector(group);

            assertThrows(
                    RuntimeException.class, () -> write(s -> s.connectorGroups().delete(tenant.id(), group.id())));

            assertEquals(Optional.of(connector), read(s -> s.connectors().find(tenant.id(), connector.id())));
        }
    }

    @Nested
    class EnrollmentTokens {
        private final ConnectorId taker = ConnectorId.random();

        @Test
        void aTokenIsTakenOnceAndRemembered() {
            ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
            var token = token(group, "t1-" + group.id());

            Optional<ConnectorGroupId> taken = write(s -> s.enrollmentTokens().take(token.secretHash(), NOW, taker))
                    .map(EnrollmentTokenStore.Row::group);

            assertEquals(Optional.of(group.id()), taken);
            assertTrue(write(s -> s.enrollmentTokens().take(token.secretHash(), NOW, taker))
                    .isEmpty());
            var remembered =
                    read(s -> s.enrollmentTokens().find(token.secretHash())).orElseThrow();
            assertEquals(Optional.of(new EnrollmentTokenStore.Use(NOW, taker)), remembered.use());
            assertEquals(List.of(remembered), read(s -> s.enrollmentTokens().list(group.tenant())));
        }

        @Test
        void anExpiredTokenIsNoToken() {
            ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
            var token = token(group, "t2-" + group.id());

            assertTrue(write(s -> s.enrollmentTokens().take(token.secretHash(), token.expires(), taker))
                    .isEmpty());
            assertTrue(
                    write(s -> s.enrollmentTokens().take("unknown", NOW, taker)).isEmpty());
        }

        @Test
        void aRevokedTokenIsNoToken() {
            ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
            var token = token(group, "t4-" + group.id());
            Tenant other = tenant();

            assertFalse(write(s -> s.enrollmentTokens().delete(other.id(), token.id())));
            assertTrue(write(s -> s.enrollmentTokens().delete(group.tenant(), token.id())));
            assertTrue(write(s -> s.enrollmentTokens().take(token.secretHash(), NOW, taker))
                    .isEmpty());
        }

        @Test
        void aFailedEnrolmentDoesNotUseTheTokenUp() {
            ConnectorGroup group = connectorGroup(tenant(), "Plant", false);
            var token = token(group, "t3-" + group.id());

            assertThrows(
                    IllegalStateException.class,
                    () -> write(s -> {
                        s.enrollmentTokens().take(token.secretHash(), NOW, taker);
                        throw new IllegalStateException("something later went wrong");
                    }));

            assertTrue(write(s -> s.enrollmentTokens().take(token.secretHash(), NOW, taker))
                    .isPresent());
        }

        private EnrollmentTokenStore.Row token(ConnectorGroup group, String hash) {
            var token = new EnrollmentTokenStore.Row(
                    group.tenant(),
                    "id-" + hash,
                    group.id(),
                    hash,
                    NOW,
                    "ada@contoso.example",
                    NOW.plusSeconds(60),
                    Optional.empty());
            change(s -> s.enrollmentTokens().insert(token));
            return token;
        }
    }

    private static Connector connector(ConnectorGroup group) {
        var connector = new Connector(
                group.tenant(),
                ConnectorId.random(),
                group.id(),
                "host",
                Optional.empty(),
                "1.0",
                ConnectorGroupId.random().value(),
                NOW.plus(Duration.ofDays(365)),
                NOW,
                Optional.empty(),
                true,
                Optional.empty());
        change(s -> s.connectors().insert(connector));
        return connector;
    }
}

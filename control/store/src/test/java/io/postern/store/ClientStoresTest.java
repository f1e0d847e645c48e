package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.client.ClientSettings;
import io.postern.domain.client.ExposedScope;
import io.postern.domain.client.GroupClaims;
import io.postern.domain.client.OptionalClaim;
import io.postern.domain.client.RequiredAccess;
import io.postern.domain.publish.Application;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What OAuth keeps of clients, and of what users and administrators granted them.
class ClientStoresTest extends StoreContract {
    @Nested
    class Settings {
        @Test
        void keepsWhatARegistrationSaysAndKnowsTheDefault() {
            Application application = stored();
            var settings = new ClientSettings(
                    List.of("https://spa.example.com/"),
                    List.of("http://localhost/cb"),
                    List.of(new ExposedScope(
                            UUID.randomUUID().toString(), "orders.read", "Read", "Reads orders", false, true)),
                    List.of(new RequiredAccess("r", List.of("s"), List.of("t"))),
                    List.of(new OptionalClaim("upn")),
                    List.of(new OptionalClaim("ipaddr")),
                    GroupClaims.APPLICATION_GROUP,
                    Optional.of("https://spa.example.com/out"),
                    Optional.of("https://spa.example.com/back"),
                    Optional.of(Duration.ofMinutes(10)));

            assertEquals(
                    ClientSettings.DEFAULT, read(s -> s.clientSettings().of(application.tenant(), application.id())));
            change(s -> s.clientSettings().put(application.tenant(), application.id(), ClientSettings.DEFAULT));
            change(s -> s.clientSettings().put(application.tenant(), application.id(), settings));

            assertEquals(settings, read(s -> s.clientSettings().of(application.tenant(), application.id())));
            assertEquals(
                    settings,
                    read(s -> s.clientSettings().all(application.tenant())).get(application.id()));
            change(s -> s.applications().delete(application.tenant(), application.id()));
            assertTrue(read(s -> s.clientSettings().all(application.tenant())).isEmpty());
        }

        @Test
        void keepsSeveralCredentialsEachOnce() {
            Application application = stored();
            Application other = stored();
            ClientCredential secret = credential(application, ClientCredential.Kind.SECRET, "a");
            ClientCredential certificate = credential(application, ClientCredential.Kind.CERTIFICATE, "b");
            change(s -> s.clientCredentials().insert(secret));
            change(s -> s.clientCredentials().insert(certificate));

            assertEquals(
                    Set.of(secret, certificate),
                    Set.copyOf(read(s -> s.clientCredentials().of(application.tenant(), application.id()))));
            assertThrows(
                    DuplicateKey.class,
                    () -> change(s -> s.clientCredentials()
                            .insert(credential(application, ClientCredential.Kind.CERTIFICATE, "b"))));
            assertFalse(write(s -> s.clientCredentials().delete(application.tenant(), other.id(), secret.id())));
            assertTrue(write(s -> s.clientCredentials().delete(application.tenant(), application.id(), secret.id())));
            assertTrue(certificate.holds(NOW) && !certificate.holds(certificate.expires()));
        }

        private static ClientCredential credential(Application of, ClientCredential.Kind kind, String fingerprint) {
            return new ClientCredential(
                    of.tenant(),
                    UUID.randomUUID().toString(),
                    of.id(),
                    kind,
                    "test",
                    fingerprint,
                    "abc",
                    kind == ClientCredential.Kind.SECRET ? Optional.empty() : Optional.of("MII"),
                    NOW,
                    NOW.plusSeconds(60));
        }
    }

    @Nested
    class RefreshFamilies {
        @Test
        void rotatesForOneOfManyAtOnce() throws Exception {
            RefreshFamily family = family(NOW.plusSeconds(60));
            Callable<Boolean> rotation = () -> write(s -> s.refreshFamilies()
                    .rotate(family.id(), "first", UUID.randomUUID().toString(), NOW, NOW.plusSeconds(90)));
            int winners = 0;
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Boolean> one : threads.invokeAll(
                        IntStream.range(0, 16).mapToObj(i -> rotation).toList())) {
                    winners += one.get() ? 1 : 0;
                }
            }

            RefreshFamily after =
                    read(s -> s.refreshFamilies().find(family.id())).orElseThrow();
            assertEquals(1, winners);
            assertEquals(1, after.generation());
            assertEquals(Optional.of("first"), after.previousHash());
            assertEquals(NOW.plusSeconds(90), after.expires());
        }

        @Test
        void rotatesNothingThatEndedOrExpired() {
            RefreshFamily ended = family(NOW.plusSeconds(60));
            RefreshFamily expired = family(NOW);

            assertTrue(write(s -> s.refreshFamilies().end(ended.tenant(), ended.id(), NOW, "revoked")));
            assertFalse(write(s -> s.refreshFamilies().end(ended.tenant(), ended.id(), NOW, "again")));
            for (RefreshFamily family : List.of(ended, expired)) {
                assertFalse(write(s -> s.refreshFamilies().rotate(family.id(), "first", "x", NOW, NOW.plusSeconds(9))));
            }
            RefreshFamily after =
                    read(s -> s.refreshFamilies().find(ended.id())).orElseThrow();
            assertEquals(Optional.of("revoked"), after.endReason());
        }

        @Test
        void findsThemByWhatMayEndThem() {
            RefreshFamily family = family(NOW.plusSeconds(60));
            family(NOW);

            assertEquals(List.of(family), read(s -> s.refreshFamilies().ofUser(family.tenant(), family.user(), NOW)));
            assertEquals(
                    List.of(family), read(s -> s.refreshFamilies().ofSession(family.tenant(), family.session(), NOW)));
            assertEquals(List.of(family), read(s -> s.refreshFamilies().ofApplication(family.tenant(), "app", NOW)));
            assertEquals(
                    Optional.of(family),
                    read(s -> s.refreshFamilies().ofCode(family.codeHash().orElseThrow())));
            assertTrue(write(s -> s.refreshFamilies().purge(NOW.plusSeconds(1))) >= 1);
        }

        private static RefreshFamily family(Instant expires) {
            User user = user(tenant(), "u");
            var family = new RefreshFamily(
                    user.tenant(),
                    SessionId.random(),
                    user.id(),
                    "app",
                    SessionId.random(),
                    Optional.of(UUID.randomUUID().toString()),
                    "{}",
                    "first",
                    Optional.empty(),
                    0,
                    NOW,
                    NOW,
                    expires,
                    Optional.empty(),
                    Optional.empty());
            change(s -> s.refreshFamilies().insert(family));
            return family;
        }
    }

    @Nested
    class Grants {
        @Test
        void keepsOneGrantPerClientPrincipalAndResource() {
            Tenant tenant = tenant();
            User user = user(tenant, "u");
            ServicePrincipalId client = servicePrincipal(tenant, "client").id();
            PermissionGrant everybody = grant(tenant, client, Optional.empty(), Set.of("a"));
            PermissionGrant own = grant(tenant, client, Optional.of(user), Set.of("b"));

            grant(tenant, client, Optional.of(user), Set.of("c", "d"));

            List<PermissionGrant> held = read(s -> s.permissionGrants().of(tenant.id(), client, user.id()));
            assertEquals(
                    Set.of(everybody.id(), own.id()),
                    Set.copyOf(held.stream().map(PermissionGrant::id).toList()));
            assertEquals(
                    Set.of("c", "d"),
                    read(s -> s.permissionGrants().find(tenant.id(), own.id()))
                            .orElseThrow()
                            .scopes());
            assertEquals(
                    1,
                    read(s -> s.permissionGrants().ofUser(tenant.id(), user.id()))
                            .size());
            assertTrue(write(s -> s.permissionGrants().delete(tenant.id(), own.id())));
            assertEquals(List.of(everybody), read(s -> s.permissionGrants().list(tenant.id())));
        }

        private static PermissionGrant grant(
                Tenant tenant, ServicePrincipalId client, Optional<User> user, Set<String> scopes) {
            var grant = new PermissionGrant(
                    tenant.id(), UUID.randomUUID().toString(), client, user.map(User::id), "res", scopes, NOW);
            change(s -> s.permissionGrants().put(grant));
            return grant;
        }
    }

    @Nested
    class DeviceCodes {
        @Test
        void areDecidedOnceAndTakenOnce() {
            DeviceCodeStore.Row code = code(NOW.plusSeconds(60));

            assertFalse(write(s -> s.deviceCodes().insert(code)), "the user code is in use");
            assertFalse(write(s -> s.deviceCodes().take(code.deviceHash(), NOW)), "nobody allowed it");
            assertEquals(Optional.of(code), read(s -> s.deviceCodes().findByUserCode(code.userCode(), NOW)));
            assertTrue(write(s ->
                    s.deviceCodes().decide(code.deviceHash(), DeviceCodeStore.State.ALLOWED, Optional.of("{}"), NOW)));
            assertFalse(write(s ->
                    s.deviceCodes().decide(code.deviceHash(), DeviceCodeStore.State.DECLINED, Optional.empty(), NOW)));
            assertTrue(read(s -> s.deviceCodes().findByUserCode(code.userCode(), NOW))
                    .isEmpty());
            assertTrue(write(s -> s.deviceCodes().take(code.deviceHash(), NOW)));
            assertFalse(write(s -> s.deviceCodes().take(code.deviceHash(), NOW)));
        }

        @Test
        void expire() {
            DeviceCodeStore.Row code = code(NOW);

            assertTrue(read(s -> s.deviceCodes().findByUserCode(code.userCode(), NOW))
                    .isEmpty());
            assertFalse(write(s ->
                    s.deviceCodes().decide(code.deviceHash(), DeviceCodeStore.State.ALLOWED, Optional.of("{}"), NOW)));
            assertTrue(write(s -> s.deviceCodes().purge(NOW.plusSeconds(1))) >= 1);
        }

        @Test
        void noteWhenTheyWerePolled() {
            DeviceCodeStore.Row code = code(NOW.plusSeconds(60));

            change(s -> s.deviceCodes().polled(code.deviceHash(), NOW, Duration.ofSeconds(10)));

            DeviceCodeStore.Row after =
                    read(s -> s.deviceCodes().find(code.deviceHash())).orElseThrow();
            assertEquals(Optional.of(NOW), after.polled());
            assertEquals(Duration.ofSeconds(10), after.interval());
        }

        private static DeviceCodeStore.Row code(Instant expires) {
            var code = new DeviceCodeStore.Row(
                    UUID.randomUUID().toString(),
                    UUID.randomUUID().toString(),
                    tenant().id(),
                    "app",
                    "{}",
                    DeviceCodeStore.State.WAITING,
                    Optional.empty(),
                    Duration.ofSeconds(5),
                    Optional.empty(),
                    expires);
            change(s -> s.deviceCodes().insert(code));
            return code;
        }
    }

    @Test
    void tellsClientsOfSessionsThatAreThereNoMoreOnce() {
        User user = user(tenant(), "u");
        SessionId gone = SessionId.random();
        SessionClientStore.Row row = client(user, gone);
        change(s -> s.sessionClients().add(row));
        change(s -> s.sessionClients().add(row));

        assertEquals(List.of(row), read(s -> s.sessionClients().of(user.tenant(), gone)));
        assertTrue(read(s -> s.sessionClients().toTell(NOW, 100)).contains(row));
        assertFalse(
                read(s -> s.sessionClients().toTell(NOW.minusSeconds(1), 100)).contains(row), "too early");
        assertTrue(write(s -> s.sessionClients().claim(row, NOW.plusSeconds(9))));
        assertFalse(write(s -> s.sessionClients().claim(row, NOW.plusSeconds(9))), "another node has it");
        change(s -> s.sessionClients().done(row));
        assertTrue(read(s -> s.sessionClients().of(user.tenant(), gone)).isEmpty());
        change(s -> s.sessionClients().add(row));
        assertTrue(write(s -> s.sessionClients().purge(NOW.plusSeconds(61))) >= 1);
    }

    private static SessionClientStore.Row client(User user, SessionId session) {
        return new SessionClientStore.Row(user.tenant(), session, "app", user.id(), 0, NOW, NOW.plusSeconds(60));
    }

    private static Application stored() {
        Application application = registration(tenant(), "client");
        change(s -> s.applications().insert(application));
        return application;
    }
}

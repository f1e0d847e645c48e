package io.postern.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.admin.Installation.Response;
import io.postern.domain.IdentityProviderId;
import io.postern.domain.SessionId;
import io.postern.store.FederatedIdentityStore;
import io.postern.store.SessionStore;
import io.postern.store.User;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever came from a provider that is disabled or removed, or from which he is unlinked, has to sign in again.
class UpstreamSessionsTest {
    private static final String PROVIDERS = "/identity/identityProviders";

    @TempDir
    static Path folder;

    private static Installation service;

    @BeforeAll
    static void open() {
        service = new Installation(folder);
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static String provider() {
        Response made = service.post(
                PROVIDERS,
                "{\"@odata.type\":\"#microsoft.graph.oidcIdentityProvider\",\"displayName\":\"p\",\"issuer\":\"https://"
                        + UUID.randomUUID() + ".invalid\",\"clientId\":\"c\",\"clientSecret\":\"s\"}");
        assertEquals(201, made.status(), made.raw().body());
        return made.text("/id");
    }

    /// Signed in here, and there if `provider` is not empty.
    private static User signedIn(String provider) {
        User user = service.someone("u" + UUID.randomUUID().toString().substring(0, 8), "U");
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var session = new SessionStore.Row(
                user.tenant(),
                SessionId.random(),
                user.id(),
                UUID.randomUUID().toString(),
                now,
                now,
                now.plusSeconds(3600),
                false,
                "192.0.2.1",
                "",
                Set.of("fed"),
                Optional.empty(),
                "");
        service.store.write(s -> {
            s.sessions().insert(session);
            if (!provider.isEmpty()) {
                var id = new IdentityProviderId(provider);
                s.federatedIdentities()
                        .insert(new FederatedIdentityStore.Row(
                                user.tenant(),
                                id,
                                "subject of " + user.id(),
                                user.id(),
                                FederatedIdentityStore.Origin.CREATED,
                                now,
                                now));
                s.federatedIdentities()
                        .begin(new FederatedIdentityStore.Session(
                                user.tenant(), session.id(), id, "sealed", "s", "i", now.plusSeconds(3600)));
            }
            return user;
        });
        return user;
    }

    private static int sessions(User user) {
        return service.store
                .read(s -> s.sessions().of(user.tenant(), user.id()))
                .size();
    }

    private static boolean isVoid(User user) {
        return service.store.read(s -> s.revocations().users()).stream()
                .anyMatch(row -> row.user().equals(user.id()));
    }

    @Test
    void disablingAProviderEndsTheSessionsThatCameFromThere() {
        String id = provider();
        User alice = signedIn(id);
        User bob = signedIn(provider());
        User carol = signedIn("");

        assertEquals(
                204,
                service.patch(PROVIDERS + "/" + id, "{\"newcomers\":\"guests\"}")
                        .status());
        assertEquals(1, sessions(alice));
        assertEquals(
                204,
                service.patch(PROVIDERS + "/" + id, "{\"isEnabled\":false}").status());

        assertEquals(List.of(0, 1, 1), List.of(sessions(alice), sessions(bob), sessions(carol)));
        assertTrue(isVoid(alice));
    }

    @Test
    void soDoesRemovingIt() {
        String id = provider();
        User alice = signedIn(id);
        User bob = signedIn(provider());

        assertEquals(204, service.delete(PROVIDERS + "/" + id).status());

        assertEquals(List.of(0, 1), List.of(sessions(alice), sessions(bob)));
        assertTrue(isVoid(alice));
        assertTrue(service.store
                .read(s -> s.federatedIdentities().of(alice.tenant(), alice.id()))
                .isEmpty());
    }

    @Test
    void soDoesUnlinkingAUserAndTheLinkIsGone() {
        String id = provider();
        User alice = signedIn(id);
        String links = "/users/" + alice.userPrincipalName() + "/identities";

        Response before = service.get(links);
        assertEquals("subject of " + alice.id(), before.text("/value/0/issuerAssignedId"));
        assertEquals("federated", before.text("/value/0/signInType"));
        assertEquals("created", before.text("/value/0/origin"));
        assertEquals(204, service.delete(links + "/" + id).status());

        assertEquals(0, sessions(alice));
        assertTrue(service.get(links).json().path("value").isEmpty());
        assertEquals(404, service.delete(links + "/" + id).status());
        assertEquals(404, service.delete(links + "/" + UUID.randomUUID()).status());
    }
}

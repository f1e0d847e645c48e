package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.SessionId;
import io.postern.domain.federation.GroupRule;
import io.postern.domain.federation.IdentityProvider;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.domain.federation.Upstream;
import io.postern.store.FederatedIdentityStore.Origin;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Upstream identity providers, and who is who at them.
class FederationStoresTest extends StoreContract {
    private static final Upstream.Oidc OIDC = new Upstream.Oidc(
            "https://idp.example", "client", Upstream.ClientProof.PRIVATE_KEY, List.of("openid", "email"));
    private static final Upstream.Saml SAML =
            new Upstream.Saml("urn:idp", Optional.of("https://idp.example/metadata"), "k1", "MII", true);

    private static IdentityProvider provider(Tenant tenant, String name, Upstream upstream, String... domains) {
        return new IdentityProvider(
                tenant.id(),
                IdentityProviderId.random(),
                name,
                true,
                false,
                List.of(domains),
                Optional.of("hint"),
                upstream,
                Newcomers.GUESTS,
                true,
                false,
                upstream.defaultClaims().with(Map.of("jobTitle", "title")),
                List.of(new GroupRule("staff", group(tenant, name).id())));
    }

    private static IdentityProvider stored(Tenant tenant, String name, String... domains) {
        IdentityProvider provider = provider(tenant, name, OIDC, domains);
        change(s -> s.identityProviders().put(row(provider)));
        return provider;
    }

    private static IdentityProviderStore.Row row(IdentityProvider provider) {
        return new IdentityProviderStore.Row(provider, "sealed", NOW);
    }

    private static FederatedIdentityStore.Row link(IdentityProvider provider, String subject, User user) {
        return new FederatedIdentityStore.Row(
                provider.tenant(), provider.id(), subject, user.id(), Origin.NAME, NOW, NOW);
    }

    @Test
    void keepsEverySettingOfBothKinds() {
        Tenant tenant = tenant();
        var oidc = row(provider(tenant, "b", OIDC, "b.example", "c.example"));
        var saml = row(provider(tenant, "a", SAML));
        change(s -> s.identityProviders().put(oidc));
        change(s -> s.identityProviders().put(saml));

        assertEquals(
                Optional.of(oidc),
                read(s ->
                        s.identityProviders().find(tenant.id(), oidc.provider().id())));
        assertEquals(List.of(saml, oidc), read(s -> s.identityProviders().list(tenant.id())));
        Tenant stranger = tenant();
        assertEquals(List.of(), read(s -> s.identityProviders().list(stranger.id())));
    }

    @Test
    void aDomainHasOneProviderInATenant() {
        Tenant tenant = tenant();
        IdentityProvider first = stored(tenant, "first", "corp.example");
        stored(tenant(), "elsewhere", "corp.example");

        assertThrows(DuplicateKey.class, () -> stored(tenant, "second", "corp.example"));
        assertEquals(
                Optional.of(first.id()),
                read(s -> s.identityProviders().findByDomain(tenant.id(), "corp.example"))
                        .map(row -> row.provider().id()));
        assertEquals(Optional.empty(), read(s -> s.identityProviders().findByDomain(tenant.id(), "other.example")));
        change(s -> s.identityProviders().delete(tenant.id(), first.id()));
        stored(tenant, "second", "corp.example");
    }

    @Test
    void keepsTheNewestOfADocument() {
        IdentityProvider provider = stored(tenant(), "p");
        for (String body : List.of("old", "new")) {
            change(s -> s.identityProviders()
                    .keep(provider.tenant(), provider.id(), new IdentityProviderStore.Document("keys", body, NOW)));
        }

        assertEquals(
                Optional.of(new IdentityProviderStore.Document("keys", "new", NOW)),
                read(s -> s.identityProviders().document(provider.tenant(), provider.id(), "keys")));
        assertEquals(
                Optional.empty(),
                read(s -> s.identityProviders().document(provider.tenant(), provider.id(), "metadata")));
    }

    @Test
    void aSubjectIsOnePersonAndAPersonOneSubject() {
        Tenant tenant = tenant();
        IdentityProvider provider = stored(tenant, "p");
        User alice = user(tenant, "alice");
        User bob = user(tenant, "bob");
        var link = link(provider, "Sub", alice);
        change(s -> s.federatedIdentities().insert(link));

        assertThrows(
                DuplicateKey.class, () -> change(s -> s.federatedIdentities().insert(link(provider, "Sub", bob))));
        assertThrows(
                DuplicateKey.class, () -> change(s -> s.federatedIdentities().insert(link(provider, "2", alice))));
        change(s -> s.federatedIdentities().insert(link(provider, "sub", bob)));
        change(s -> s.federatedIdentities().used(link, NOW.plusSeconds(5)));
        assertEquals(
                List.of(NOW.plusSeconds(5)),
                read(s -> s.federatedIdentities().of(tenant.id(), alice.id())).stream()
                        .map(FederatedIdentityStore.Row::lastUsed)
                        .toList());
        long linked = read(s -> s.federatedIdentities().count(tenant.id(), provider.id()));
        assertEquals(2L, linked);
    }

    @Test
    void linksGoWithTheirUserAndWithTheirProvider() {
        Tenant tenant = tenant();
        IdentityProvider provider = stored(tenant, "p");
        User alice = user(tenant, "alice");
        User bob = user(tenant, "bob");
        change(s -> s.federatedIdentities().insert(link(provider, "a", alice)));
        change(s -> s.federatedIdentities().insert(link(provider, "b", bob)));

        change(s -> s.users().delete(tenant.id(), alice.id()));
        assertEquals(Optional.empty(), read(s -> s.federatedIdentities().find(tenant.id(), provider.id(), "a")));
        change(s -> s.identityProviders().delete(tenant.id(), provider.id()));
        assertEquals(List.of(), read(s -> s.federatedIdentities().of(tenant.id(), bob.id())));
    }

    @Test
    void remembersASessionUntilItIsOver() {
        IdentityProvider provider = stored(tenant(), "p");
        var id = SessionId.random();
        var session = session(provider, id, "first", "s1", "", NOW);
        var again = session(provider, id, "second", "s2", "i2", NOW.plusSeconds(60));
        change(s -> s.federatedIdentities().begin(session));
        change(s -> s.federatedIdentities().begin(again));

        write(s -> s.federatedIdentities().purge(NOW));
        assertEquals(Optional.of(again), read(s -> s.federatedIdentities().session(provider.tenant(), id)));
        assertEquals(List.of(again), read(s -> s.federatedIdentities().sessions(provider.tenant(), provider.id())));
        write(s -> s.federatedIdentities().purge(NOW.plusSeconds(60)));
        assertEquals(Optional.empty(), read(s -> s.federatedIdentities().session(provider.tenant(), id)));
    }

    @Test
    void findsSessionsByWhatTheUpstreamCallsThem() {
        IdentityProvider provider = stored(tenant(), "p");
        IdentityProvider other = stored(tenant(), "q");
        var one = session(provider, new SessionId("00000000-0000-4000-8000-00000000000a"), "", "s1", "i1", NOW);
        var two = session(provider, new SessionId("00000000-0000-4000-8000-00000000000b"), "", "s1", "", NOW);
        var foreign = session(other, new SessionId("00000000-0000-4000-8000-00000000000a"), "", "s1", "i1", NOW);
        List.of(one, two, foreign).forEach(session -> change(s -> s.federatedIdentities()
                .begin(session)));

        assertEquals(
                List.of(one, two),
                read(s -> s.federatedIdentities().sessionsOfSubject(provider.tenant(), provider.id(), "s1")));
        assertEquals(
                List.of(one),
                read(s -> s.federatedIdentities().sessionsOfIndex(provider.tenant(), provider.id(), "i1")));
        assertEquals(
                List.of(),
                read(s -> s.federatedIdentities().sessionsOfIndex(provider.tenant(), provider.id(), "s1")));
        assertEquals(
                List.of(foreign),
                read(s -> s.federatedIdentities().sessionsOfSubject(other.tenant(), other.id(), "s1")));
    }

    private static FederatedIdentityStore.Session session(
            IdentityProvider provider, SessionId id, String sealed, String subject, String index, Instant until) {
        return new FederatedIdentityStore.Session(
                provider.tenant(), id, provider.id(), sealed, subject, index, until);
    }
}

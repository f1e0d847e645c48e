package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.store.CertificateOrder.State;
import io.postern.store.CertificateOrderStore.Challenge;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Domains, certificates, orders and what is answered for them.
class DomainStoresTest extends StoreContract {
    private static String name() {
        return "d" + UUID.randomUUID().toString().substring(0, 8) + ".example";
    }

    private static Domain domain(Tenant tenant, String name, Optional<Instant> verified) {
        return new Domain(tenant.id(), name, "proof of " + tenant.name(), false, verified, NOW);
    }

    private static StoredCertificate certificate(Tenant tenant, String host, Instant created) {
        return new StoredCertificate(
                tenant.id(),
                UUID.randomUUID().toString(),
                List.of(host, "*." + host),
                "AB",
                "CN=" + host,
                "CN=Contoso CA",
                NOW,
                NOW.plus(Duration.ofDays(90)),
                false,
                "sealed",
                created);
    }

    private static CertificateOrder order(Tenant tenant, Instant due) {
        return new CertificateOrder(
                tenant.id(),
                UUID.randomUUID().toString(),
                List.of("a.example", "b.example"),
                State.PENDING,
                "",
                0,
                due,
                Optional.empty(),
                NOW);
    }

    @Test
    void leavesANameToTheTenantThatProvedIt() {
        Tenant first = tenant();
        Tenant second = tenant();
        String name = name();
        change(s -> s.domains().put(domain(first, name, Optional.empty())));
        change(s -> s.domains().put(domain(second, name, Optional.empty())));
        Domain proven = domain(first, name, Optional.of(NOW));

        change(s -> s.domains().put(proven));

        assertThrows(DuplicateKey.class, () -> change(s -> s.domains().put(domain(second, name, Optional.of(NOW)))));
        assertEquals(Optional.of(proven), read(s -> s.domains().find(first.id(), name)));
        assertTrue(read(s -> s.domains().listProven()).contains(proven));
        assertFalse(read(s -> s.domains().listProven()).stream()
                .anyMatch(d -> d.tenant().equals(second.id())));
    }

    @Test
    void givesANameBackWhenItIsRemoved() {
        Tenant first = tenant();
        Tenant second = tenant();
        String name = name();
        change(s -> s.domains().put(domain(first, name, Optional.of(NOW))));

        assertTrue(write(s -> s.domains().delete(first.id(), name)));
        change(s -> s.domains().put(domain(second, name, Optional.of(NOW))));

        assertFalse(write(s -> s.domains().delete(first.id(), name)));
        assertEquals(
                List.of(name),
                read(s -> s.domains().list(second.id())).stream()
                        .map(Domain::name)
                        .toList());
    }

    @Test
    void listsTheNewestCertificateFirst() {
        Tenant stranger = tenant();
        Tenant tenant = tenant();
        StoredCertificate old = certificate(tenant, name(), NOW);
        StoredCertificate young = certificate(tenant, name(), NOW.plusSeconds(1));

        change(s -> s.certificates().insert(old));
        change(s -> s.certificates().insert(young));

        assertEquals(List.of(young, old), read(s -> s.certificates().list(tenant.id())));
        assertTrue(read(s -> s.certificates().listAll()).containsAll(List.of(young, old)));
        assertEquals(Optional.of(old), read(s -> s.certificates().find(tenant.id(), old.id())));
        assertEquals(Optional.empty(), read(s -> s.certificates().find(stranger.id(), old.id())), "another's");
        assertTrue(write(s -> s.certificates().delete(tenant.id(), old.id())));
        assertEquals(List.of(young), read(s -> s.certificates().list(tenant.id())));
    }

    @Test
    void findsOrdersThatAreDue() {
        Tenant tenant = tenant();
        CertificateOrder now = order(tenant, NOW);
        CertificateOrder later = order(tenant, NOW.plusSeconds(1));
        change(s -> s.certificateOrders().put(now));
        change(s -> s.certificateOrders().put(later));

        List<CertificateOrder> due = read(s -> s.certificateOrders().due(NOW));
        assertTrue(due.contains(now));
        assertFalse(due.contains(later));

        var failed = new CertificateOrder(
                now.tenant(),
                now.id(),
                now.hosts(),
                State.FAILED,
                "no way",
                3,
                NOW.plusSeconds(9),
                Optional.of("made"),
                now.created());
        change(s -> s.certificateOrders().put(failed));
        assertEquals(Optional.of(failed), read(s -> s.certificateOrders().find(tenant.id(), now.id())));
        assertEquals(2, read(s -> s.certificateOrders().list(tenant.id())).size());
        assertTrue(write(s -> s.certificateOrders().delete(tenant.id(), now.id())));
    }

    @Test
    void keepsAnswersUntilTheyAreTakenAwayOrTooOld() {
        String host = name();
        var text = new Challenge(Challenge.Kind.HTTP, host + "/token", "text", NOW.plusSeconds(5));
        var certificate = new Challenge(Challenge.Kind.TLS_ALPN, host, "sealed", NOW.plusSeconds(9));
        var again = new Challenge(Challenge.Kind.HTTP, host + "/token", "other", NOW.plusSeconds(6));
        change(s -> s.certificateOrders().putChallenge(text));
        change(s -> s.certificateOrders().putChallenge(certificate));
        change(s -> s.certificateOrders().putChallenge(again));
        assertTrue(read(s -> s.certificateOrders().challenges()).containsAll(List.of(again, certificate)));
        assertFalse(read(s -> s.certificateOrders().challenges()).contains(text));

        change(s -> s.certificateOrders().purge(NOW.plusSeconds(7)));

        assertFalse(read(s -> s.certificateOrders().challenges()).contains(again));
        assertTrue(write(s -> s.certificateOrders().deleteChallenge(Challenge.Kind.TLS_ALPN, host)));
    }
}

package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessStoreTest extends StoreContract {
    private static AccessOffer offer(Tenant tenant, ServicePrincipal principal, Group group, UserId... approvers) {
        return new AccessOffer(
                tenant.id(), Optional.of(principal.id()), group.id(), true, Optional.of(30), List.of(approvers));
    }

    private static AccessRequest request(AccessOffer offer, User user, Instant created) {
        return new AccessRequest(
                offer.tenant(),
                UUID.randomUUID().toString(),
                offer.target(),
                offer.group(),
                user.id(),
                AccessRequest.State.PENDING,
                Optional.of("for the audit"),
                created,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static void insert(AccessRequest request) {
        change(s -> s.access().insert(request));
    }

    @Test
    void keepsAnOfferWithItsApproversInTheirOrder() {
        Tenant tenant = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "Wiki");
        Group readers = group(tenant, "readers");
        Group writers = group(tenant, "writers");
        User anna = user(tenant, "anna");
        User berta = user(tenant, "berta");
        AccessOffer first = offer(tenant, wiki, readers, berta.id(), anna.id());
        change(s -> s.access().offer(first));
        assertEquals(
                Optional.of(first),
                read(s -> s.access().offer(tenant.id(), wiki.id().value())));

        var changed = new AccessOffer(
                tenant.id(), Optional.of(wiki.id()), writers.id(), false, Optional.empty(), List.of(anna.id()));
        var join = new AccessOffer(tenant.id(), Optional.empty(), readers.id(), true, Optional.empty(), List.of());
        change(s -> s.access().offer(changed));
        change(s -> s.access().offer(join));
        assertEquals(2, read(s -> s.access().offers(tenant.id())).size());
        assertEquals(
                Optional.of(changed),
                read(s -> s.access().offer(tenant.id(), wiki.id().value())));
        assertEquals(
                Optional.of(join),
                read(s -> s.access().offer(tenant.id(), readers.id().value())));
        Tenant other = tenant();
        assertEquals(List.of(), read(s -> s.access().offers(other.id())), "of another tenant");

        assertTrue(read(s -> s.access().isApprover(tenant.id(), anna.id())));
        assertFalse(read(s -> s.access().isApprover(tenant.id(), berta.id())), "not any more");

        assertTrue(write(s -> s.access().withdraw(tenant.id(), wiki.id().value())));
        assertFalse(write(s -> s.access().withdraw(tenant.id(), wiki.id().value())));
    }

    @Test
    void anOfferGoesWithItsApplicationAndWithItsGroupAndAnApproverWithHisAccount() {
        Tenant tenant = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "Wiki");
        ServicePrincipal shop = servicePrincipal(tenant, "Shop");
        Group readers = group(tenant, "readers");
        User anna = user(tenant, "anna");
        change(s -> s.access().offer(offer(tenant, wiki, readers, anna.id())));
        change(s -> s.access().offer(offer(tenant, shop, readers, anna.id())));

        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(
                List.of(),
                read(s -> s.access().offer(tenant.id(), wiki.id().value()))
                        .orElseThrow()
                        .approvers());
        change(s -> s.servicePrincipals().delete(tenant.id(), wiki.id()));
        assertEquals(
                List.of(shop.id()),
                read(s -> s.access().offers(tenant.id())).stream()
                        .map(AccessOffer::resource)
                        .map(Optional<ServicePrincipalId>::orElseThrow)
                        .toList());
        change(s -> s.groups().delete(tenant.id(), readers.id()));
        assertEquals(List.of(), read(s -> s.access().offers(tenant.id())));
    }

    @Test
    void oneRequestWaitsForEachUserAndTarget() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        AccessOffer offer = offer(tenant, servicePrincipal(tenant, "Wiki"), group(tenant, "readers"));
        change(s -> s.access().offer(offer));
        AccessRequest first = request(offer, anna, NOW);
        insert(first);
        assertEquals(Optional.of(first), read(s -> s.access().find(tenant.id(), first.id())));
        assertThrows(DuplicateKey.class, () -> insert(request(offer, anna, NOW.plusSeconds(1))));

        AccessRequest denied =
                first.decided(AccessRequest.State.DENIED, NOW, Optional.of("b@x"), Optional.of("no"), Optional.empty());
        assertTrue(write(s -> s.access().close(denied, AccessRequest.State.PENDING)));
        assertFalse(write(s -> s.access().close(denied, AccessRequest.State.PENDING)), "decided already");
        AccessRequest second = request(offer, anna, NOW.plusSeconds(2));
        insert(second);
        assertEquals(List.of(second, denied), read(s -> s.access().ofUser(tenant.id(), anna.id(), 10)));
        assertEquals(List.of(second), read(s -> s.access().list(tenant.id(), 1)));
        assertEquals(List.of(second), read(s -> s.access().pending(tenant.id(), offer.target())));
    }

    @Test
    void anApproverSeesWhatHeMayDecideAndNotHisOwn() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        User berta = user(tenant, "berta");
        AccessOffer wiki = offer(tenant, servicePrincipal(tenant, "Wiki"), group(tenant, "readers"), berta.id());
        AccessOffer shop = offer(tenant, servicePrincipal(tenant, "Shop"), group(tenant, "buyers"), anna.id());
        change(s -> s.access().offer(wiki));
        change(s -> s.access().offer(shop));
        AccessRequest asked = request(wiki, anna, NOW);
        insert(asked);
        insert(request(shop, anna, NOW));
        insert(request(wiki, berta, NOW));

        assertEquals(List.of(asked), read(s -> s.access().pendingFor(tenant.id(), berta.id())));
        assertEquals(List.of(), read(s -> s.access().pendingFor(tenant.id(), anna.id())), "his own");
        Tenant other = tenant();
        assertEquals(List.of(), read(s -> s.access().pendingFor(other.id(), berta.id())), "another tenant");
    }

    @Test
    void findsWhatIsOverAndWhatWaitsTooLong() {
        Tenant tenant = tenant();
        User anna = user(tenant, "anna");
        Instant past = Instant.parse("2001-01-01T00:00:00Z");
        AccessOffer wiki = offer(tenant, servicePrincipal(tenant, "Wiki"), group(tenant, "readers"));
        change(s -> s.access().offer(wiki));
        AccessRequest asked = request(wiki, anna, past);
        insert(asked);
        assertEquals(List.of(asked), read(s -> s.access().pendingSince(past.plusSeconds(1), 10)));
        AccessRequest granted = asked.decided(
                AccessRequest.State.GRANTED,
                past,
                Optional.empty(),
                Optional.empty(),
                Optional.of(past.plus(Duration.ofDays(1))));
        change(s -> s.access().close(granted, AccessRequest.State.PENDING));
        assertEquals(List.of(), read(s -> s.access().pendingSince(past.plusSeconds(1), 10)));
        assertEquals(List.of(), read(s -> s.access().over(past.plusSeconds(3600), 10)));
        assertEquals(List.of(granted), read(s -> s.access().over(past.plus(Duration.ofDays(1)), 10)));
        assertEquals(List.of(granted), read(s -> s.access().granted(tenant.id(), wiki.group(), anna.id())));

        change(s -> s.access().close(granted.closed(AccessRequest.State.ENDED, NOW), AccessRequest.State.GRANTED));
        assertEquals(List.of(), read(s -> s.access().over(NOW, 10)));
        change(s -> s.users().delete(tenant.id(), anna.id()));
        assertEquals(List.of(), read(s -> s.access().list(tenant.id(), 10)), "gone with the user");
    }
}

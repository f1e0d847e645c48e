package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.guest.GuestAddress;
import io.postern.domain.guest.GuestPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Guests who were invited, their sponsors, and who may invite.
class GuestStoresTest extends StoreContract {
    private static final Instant END = NOW.plus(Duration.ofDays(30));

    private static Guest guest(Tenant tenant, String name) {
        User user = user(tenant, name);
        return new Guest(
                tenant.id(),
                user.id(),
                new GuestAddress(name + "@partner.example"),
                "Ada Approver",
                "https://myapps.contoso.example/",
                Optional.of("de"),
                NOW,
                Optional.of(new Guest.Link("hash-" + user.id(), NOW.plusSeconds(60))),
                Optional.of(END),
                false);
    }

    private static Guest stored(Tenant tenant, String name) {
        Guest guest = guest(tenant, name);
        change(s -> {
            s.guests().insert(guest);
        });
        return guest;
    }

    @Test
    void keepsAllOfAGuestAndFindsHimByUserAddressAndLink() {
        Tenant tenant = tenant();
        Guest alice = stored(tenant, "alice");
        Guest zoe = stored(tenant, "zoe");
        Tenant stranger = tenant();

        assertEquals(Optional.of(alice), read(s -> s.guests().find(tenant.id(), alice.user())));
        assertEquals(Optional.of(zoe), read(s -> s.guests().findByAddress(tenant.id(), zoe.address())));
        assertEquals(Optional.empty(), read(s -> s.guests().findByAddress(stranger.id(), zoe.address())));
        assertEquals(
                Optional.of(zoe),
                read(s -> s.guests().findByLink(zoe.link().orElseThrow().hash())));
        assertEquals(List.of(alice, zoe), read(s -> s.guests().list(tenant.id())));
        assertEquals(List.of(), read(s -> s.guests().list(stranger.id())));

        Guest changed = alice.withLink(Optional.empty()).ending(Optional.empty());
        assertTrue(write(s -> s.guests().update(changed)));
        assertEquals(Optional.of(changed), read(s -> s.guests().find(tenant.id(), alice.user())));
    }

    @Test
    void anAddressIsInvitedOnceInATenant() {
        Tenant tenant = tenant();
        Guest first = stored(tenant, "bob");
        User other = user(tenant, "other");
        var again = new Guest(
                tenant.id(),
                other.id(),
                first.address(),
                "",
                "",
                Optional.empty(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                false);

        assertThrows(
                DuplicateKey.class,
                () -> change(s -> {
                    s.guests().insert(again);
                }));
        stored(tenant(), "bob");
    }

    @Test
    void aLinkCountsOnce() {
        Guest guest = stored(tenant(), "carol");
        Guest.Link link = guest.link().orElseThrow();

        assertTrue(write(s -> s.guests().claim(guest, link)));
        assertFalse(write(s -> s.guests().claim(guest, link)));
        assertEquals(Optional.empty(), read(s -> s.guests().findByLink(link.hash())));
    }

    @Test
    void whoseAccessEndsIsFoundWhileHeIsEnabledAndToldOfOnce() {
        Tenant tenant = tenant();
        Guest guest = stored(tenant, "dave");

        assertFalse(read(s -> s.guests().over(END.minusMillis(1), 500)).contains(guest));
        assertTrue(read(s -> s.guests().over(END, 500)).contains(guest));
        assertTrue(read(s -> s.guests().ending(END, 500)).contains(guest));
        assertTrue(write(s -> s.guests().tell(guest)));
        assertFalse(write(s -> s.guests().tell(guest)));
        assertFalse(read(s -> s.guests().ending(END, 500)).stream()
                .anyMatch(g -> g.user().equals(guest.user())));
        assertTrue(read(s -> s.guests().over(END, 500)).stream()
                .anyMatch(g -> g.user().equals(guest.user())));

        change(s -> s.users().putAside(tenant.id(), guest.user(), NOW));
        assertFalse(read(s -> s.guests().over(END, 500)).stream()
                .anyMatch(g -> g.user().equals(guest.user())));
    }

    @Test
    void sponsorsGoWithThemselvesAndWithTheGuest() {
        Tenant tenant = tenant();
        Guest guest = stored(tenant, "erin");
        User sponsor = user(tenant, "sponsor");

        assertTrue(write(s -> s.guests().addSponsor(tenant.id(), guest.user(), sponsor.id())));
        assertFalse(write(s -> s.guests().addSponsor(tenant.id(), guest.user(), sponsor.id())));
        assertEquals(List.of(sponsor.id()), read(s -> s.guests().sponsors(tenant.id(), guest.user())));
        change(s -> s.users().delete(tenant.id(), sponsor.id()));
        assertEquals(List.of(), read(s -> s.guests().sponsors(tenant.id(), guest.user())));
        assertFalse(write(s -> s.guests().removeSponsor(tenant.id(), guest.user(), sponsor.id())));

        change(s -> s.users().delete(tenant.id(), guest.user()));
        assertEquals(Optional.empty(), read(s -> s.guests().find(tenant.id(), guest.user())));
    }

    @Test
    void keepsAPolicyForEachTenant() {
        Tenant tenant = tenant();
        var policy = new GuestPolicy(
                GuestPolicy.Inviters.EVERYONE, List.of("partner.example"), List.of("x.example"), 7, Optional.of(30));

        assertEquals(GuestPolicy.DEFAULT, read(s -> s.guests().policy(tenant.id())));
        change(s -> {
            s.guests().put(tenant.id(), GuestPolicy.DEFAULT);
            s.guests().put(tenant.id(), policy);
        });
        assertEquals(policy, read(s -> s.guests().policy(tenant.id())));
        Tenant stranger = tenant();
        assertEquals(GuestPolicy.DEFAULT, read(s -> s.guests().policy(stranger.id())));
    }
}

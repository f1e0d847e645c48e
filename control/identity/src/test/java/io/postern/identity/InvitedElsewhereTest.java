package io.postern.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.federation.IdentityProvider.Newcomers;
import io.postern.identity.Browser.Answer;
import io.postern.store.RoleStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Guests whose domain an upstream identity provider speaks for sign in there (GST-4).
class InvitedElsewhereTest extends OneUpstreamSite {
    private static final Map<String, Object> ALICE =
            Map.of("sub", "alice-7", "preferred_username", "Alice@partner.example", "name", "Alice There");

    @Test
    void whatTheProviderSaysMakesTheInvitedGuestHim() {
        with(Newcomers.REFUSED, false, "partner.example");
        Invited alice = Invited.to(host, "alice@partner.example", Optional.empty());
        Answer page = browser.get(alice.link());
        assertFalse(page.body().contains("type=\"password\""), page.body());
        assertTrue(page.body().contains("href=\"https://myapps.postern.localhost:8443/\""), page.body());

        assertEquals(alice.id(), signedIn(arrive(ALICE)).id());

        assertEquals("Accepted", alice.state());
        assertEquals(List.of(alice.id()), linked(alice.user()));
        assertEquals(410, browser.get(alice.link()).status());
        assertEquals("Alice Partner", alice.user().displayName(), "his account was not made by the provider");
    }

    @Test
    void aProviderOfAnotherDomainSaysNothingOfHim() {
        with(Newcomers.REFUSED, false, "other.example");
        Invited alice = Invited.to(host, "alice@partner.example", Optional.empty());
        assertTrue(browser.get(alice.link()).body().contains("type=\"password\""));

        assertFalse(arrive(ALICE).parameter("code").isPresent());

        assertEquals("PendingAcceptance", alice.state());
        assertEquals(List.of(), linked(alice.user()));
    }

    @Test
    void aGuestWhoAdministersIsNobodysByName() {
        with(Newcomers.GUESTS, false, "partner.example");
        Invited alice = Invited.to(host, "alice@partner.example", Optional.empty());
        host.store.write(s -> {
            s.roles().grant(host.contoso.id(), alice.id().value(), RoleStore.GLOBAL_ADMINISTRATOR);
            return true;
        });

        assertFalse(arrive(ALICE).parameter("code").isPresent());

        assertEquals("PendingAcceptance", alice.state());
    }

    @Test
    void aGuestWhoseAccessEndedStaysOut() {
        with(Newcomers.GUESTS, false, "partner.example");
        Invited alice = Invited.to(host, "alice@partner.example", Optional.empty());
        host.setEnabled(alice.user(), false);

        assertFalse(arrive(ALICE).parameter("code").isPresent());

        assertEquals(List.of(), linked(alice.user()));
        assertEquals("PendingAcceptance", alice.state());
    }

    /// Once linked it is the subject that counts.
    @Test
    void anotherPersonOfTheSameAddressIsRefused() {
        with(Newcomers.REFUSED, false, "partner.example");
        Invited alice = Invited.to(host, "alice@partner.example", Optional.empty());
        arrive(ALICE);
        browser.cookies.clear();

        assertFalse(arrive(Map.of("sub", "eve-9", "preferred_username", "alice@partner.example"))
                .parameter("code")
                .isPresent());
        assertEquals(List.of(alice.id()), linked(alice.user()));
    }
}

package io.postern.domain.federation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.federation.Arrival.Namesake;
import io.postern.domain.federation.Arrival.Reason;
import io.postern.domain.federation.IdentityProvider.Newcomers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which account somebody has who comes from an upstream.
class ArrivalTest {
    private static final String HOME = "contoso.example";
    private static final UserId ALICE = UserId.random();

    private static IdentityProvider provider(Newcomers newcomers, String... domains) {
        return new IdentityProvider(
                TenantId.random(),
                IdentityProviderId.random(),
                "Partner",
                true,
                true,
                List.of(domains),
                Optional.empty(),
                new Upstream.Oidc("https://idp", "c", Upstream.ClientProof.SECRET, Upstream.Oidc.SCOPES),
                newcomers,
                false,
                false,
                ClaimMap.OIDC,
                List.of());
    }

    private static Stated stated(String name) {
        return ClaimMap.OIDC
                .read(Map.of("sub", List.of("s-1"), "preferred_username", List.of(name)), "")
                .orElseThrow();
    }

    private static Namesake namesake(boolean here, boolean administrator, boolean linked) {
        return new Namesake(ALICE, here, administrator, linked);
    }

    private static Arrival decide(IdentityProvider provider, String name, Namesake namesake) {
        return Arrival.decide(provider, stated(name), HOME, Optional.empty(), Optional.empty(), Optional.of(namesake));
    }

    @Test
    void theLinkDecidesWhateverTheNameSays() {
        assertEquals(
                new Arrival.Known(ALICE),
                Arrival.decide(
                        provider(Newcomers.REFUSED),
                        stated("chef@contoso.example"),
                        HOME,
                        Optional.of(ALICE),
                        Optional.of(new Namesake(UserId.random(), true, false, false)),
                        Optional.of(new Namesake(UserId.random(), true, true, false))));
    }

    @Test
    void aNameDecidesOnlyWhereTheProviderSpeaksForItsDomain() {
        assertEquals(
                new Arrival.Link(ALICE),
                decide(
                        provider(Newcomers.REFUSED, "contoso.example"),
                        " Alice@Contoso.Example",
                        namesake(true, false, false)));
        assertEquals(
                new Arrival.Refused(Reason.NAME_TAKEN),
                decide(
                        provider(Newcomers.MEMBERS, "other.example"),
                        "alice@contoso.example",
                        namesake(true, false, false)));
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, false, ADMINISTRATOR",
        "true, true, true, ADMINISTRATOR",
        "true, false, true, OTHER_PERSON",
        "false, false, false, NAME_TAKEN"
    })
    void anAdministratorAnotherPersonAndAnotherTenantAreNotTaken(
            boolean here, boolean administrator, boolean linked, Reason reason) {
        assertEquals(
                new Arrival.Refused(reason),
                decide(
                        provider(Newcomers.MEMBERS, HOME),
                        "alice@contoso.example",
                        namesake(here, administrator, linked)));
    }

    @ParameterizedTest
    @CsvSource({
        "MEMBERS, contoso.example, Alice@contoso.example,        alice@contoso.example,                       false",
        "GUESTS,  contoso.example, alice@partner.example,        alice_partner.example#ext#@contoso.example,  true",
        "GUESTS,  partner.example, alice@partner.example,        alice@partner.example,                       true",
        "GUESTS,  partner.example, alice@x@partner.example,      alice_x_partner.example#ext#@contoso.example, true",
        "GUESTS,  '',              ' ',                          user_6a840baf5d8c3ff2#ext#@contoso.example,  true",
        "GUESTS,  '',              älice@partner.example,        user_6a840baf5d8c3ff2#ext#@contoso.example,  true"
    })
    void namesANewcomer(Newcomers newcomers, String domain, String said, String name, boolean guest) {
        IdentityProvider provider = provider(newcomers, domain);

        assertEquals(name, Arrival.name(provider, stated(said), HOME));
        assertEquals(
                new Arrival.Newcomer(name, guest),
                Arrival.decide(provider, stated(said), HOME, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void whoWasInvitedIsTheGuestUnlessHeAdministersOrIsSomebodyElse() {
        IdentityProvider provider = provider(Newcomers.REFUSED, "partner.example");
        Stated alice = stated("Alice@partner.example");

        assertEquals(Optional.of("alice@partner.example"), Arrival.invitedName(provider, alice));
        assertEquals(Optional.empty(), Arrival.invitedName(provider, stated("alice@other.example")));
        assertEquals(new Arrival.Link(ALICE), invited(provider, alice, namesake(true, false, false)));
        assertEquals(
                new Arrival.Refused(Reason.ADMINISTRATOR), invited(provider, alice, namesake(true, true, false)));
        assertEquals(new Arrival.Refused(Reason.OTHER_PERSON), invited(provider, alice, namesake(true, false, true)));
    }

    private static Arrival invited(IdentityProvider provider, Stated stated, Namesake guest) {
        return Arrival.decide(provider, stated, HOME, Optional.empty(), Optional.of(guest), Optional.empty());
    }

    @Test
    void bringsNobodyNewUnlessItMay() {
        assertEquals(
                new Arrival.Refused(Reason.UNKNOWN),
                Arrival.decide(
                        provider(Newcomers.REFUSED, HOME),
                        stated("new@contoso.example"),
                        HOME,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void nobodyIsNobodyWithoutASubject() {
        assertEquals(Optional.empty(), ClaimMap.OIDC.read(Map.of("name", List.of("x")), "ignored"));
        assertEquals(Optional.empty(), ClaimMap.SAML.read(Map.of(), " "));
        assertEquals(Optional.of("n-1"), ClaimMap.SAML.read(Map.of(), "n-1").map(Stated::subject));
    }

    @ParameterizedTest
    @CsvSource({"userType, role", "onPremisesImmutableId, id", "manager, boss", "jobTitle, ' '"})
    void whatPeopleAreKnownByIsNotFilledFromClaims(String property, String claim) {
        assertThrows(IllegalArgumentException.class, () -> ClaimMap.OIDC.with(Map.of(property, claim)));
    }
}

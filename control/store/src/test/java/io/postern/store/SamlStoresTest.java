package io.postern.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.claims.Claim.NameFormat;
import io.postern.domain.claims.ClaimRule;
import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.claims.Condition;
import io.postern.domain.claims.Operand;
import io.postern.domain.claims.Rows;
import io.postern.domain.claims.Source;
import io.postern.domain.claims.TokenKind;
import io.postern.domain.claims.Transformation;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// How applications sign on, and the certificates of their assertions.
class SamlStoresTest extends StoreContract {
    private static SamlSignOn signOn(ServicePrincipal principal, SignOnMode mode, List<String> identifiers) {
        var rule = new ClaimRule(
                "login",
                Optional.of("urn:wiki"),
                NameFormat.BASIC,
                true,
                Set.of(TokenKind.SAML, TokenKind.JWT),
                new Rows(
                        Optional.of(new Source(
                                new Operand.Attribute("mail"), List.of(new Transformation.ExtractMailPrefix()))),
                        List.of(new Rows.Row(
                                new Condition(Condition.Users.ALL_GUESTS, Set.of("g1", "g2")),
                                Source.constant("guest")))));
        return new SamlSignOn(
                principal.tenant(),
                principal.appId(),
                mode,
                identifiers,
                List.of(
                        new ReplyUrl("https://wiki.example/acs", OptionalInt.of(3), true),
                        ReplyUrl.of("https://wiki.example/acs2")),
                Optional.of("https://wiki.example/hub"),
                Optional.of("state"),
                Optional.empty(),
                SamlSignOn.Signing.DEFAULT,
                SamlSignOn.Requests.DEFAULT,
                SamlSignOn.Encryption.NONE,
                List.of("a@contoso.example"),
                ClaimsPolicy.DEFAULT.withRules(List.of(rule)));
    }

    private static SamlCertificate certificate(ServicePrincipal principal, boolean active, Instant created) {
        return new SamlCertificate(
                principal.tenant(),
                principal.appId(),
                UUID.randomUUID().toString(),
                "CN=Postern",
                "AB",
                "MII",
                "sealed",
                active,
                created,
                created.plus(Duration.ofDays(30)),
                created);
    }

    @Test
    void findsByIdentifierWithinItsTenantWhileTheModeIsSaml() {
        Tenant tenant = tenant();
        Tenant stranger = tenant();
        ServicePrincipal principal = servicePrincipal(tenant, "wiki");
        SamlSignOn saml = signOn(principal, SignOnMode.SAML, List.of("urn:wiki", "https://wiki.example/"));

        change(s -> s.samlSignOns().put(saml));

        assertEquals(Optional.of(saml), read(s -> s.samlSignOns().find(tenant.id(), principal.appId())));
        assertEquals(Optional.of(saml), read(s -> s.samlSignOns().findByIdentifier(tenant.id(), "urn:wiki")));
        assertEquals(Optional.empty(), read(s -> s.samlSignOns().findByIdentifier(tenant.id(), "URN:wiki")));
        assertEquals(Optional.empty(), read(s -> s.samlSignOns().findByIdentifier(stranger.id(), "urn:wiki")));
        SamlSignOn off = signOn(principal, SignOnMode.OIDC, List.of("urn:other"));
        change(s -> s.samlSignOns().put(off));
        assertEquals(Optional.empty(), read(s -> s.samlSignOns().find(tenant.id(), principal.appId())));
        assertEquals(Optional.empty(), read(s -> s.samlSignOns().findByIdentifier(tenant.id(), "urn:other")));
        assertEquals(Optional.of(off), read(s -> s.samlSignOns().stored(tenant.id(), principal.appId())));
        assertEquals(List.of(off), read(s -> s.samlSignOns().list(tenant.id())));
    }

    @Test
    void anIdentifierBelongsToOneApplicationOfATenant() {
        Tenant tenant = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "wiki");
        ServicePrincipal other = servicePrincipal(tenant, "other");
        ServicePrincipal elsewhere = servicePrincipal(tenant(), "wiki");
        change(s -> s.samlSignOns().put(signOn(wiki, SignOnMode.SAML, List.of("urn:a"))));
        change(s -> s.samlSignOns().put(signOn(elsewhere, SignOnMode.SAML, List.of("urn:a"))));

        assertThrows(
                DuplicateKey.class,
                () -> change(s -> s.samlSignOns().put(signOn(other, SignOnMode.SAML, List.of("urn:a")))));

        change(s -> s.samlSignOns().put(signOn(wiki, SignOnMode.SAML, List.of("urn:b"))));
        change(s -> s.samlSignOns().put(signOn(other, SignOnMode.SAML, List.of("urn:a"))));
    }

    @Test
    void oneCertificateIsActiveAndGoesWithItsApplication() {
        Tenant tenant = tenant();
        ServicePrincipal principal = servicePrincipal(tenant, "wiki");
        SamlCertificate old = certificate(principal, true, NOW);
        SamlCertificate young = certificate(principal, false, NOW.plusSeconds(1));
        change(s -> s.samlCertificates().insert(old));
        change(s -> s.samlCertificates().insert(young));
        change(s -> s.samlSignOns().put(signOn(principal, SignOnMode.SAML, List.of("urn:a"))));

        assertEquals(List.of(young, old), read(s -> s.samlCertificates().list(tenant.id(), principal.appId())));
        assertTrue(write(s -> s.samlCertificates().activate(tenant.id(), principal.appId(), young.keyId())));
        assertEquals(
                List.of(true, false),
                read(s -> s.samlCertificates().list(tenant.id(), principal.appId())).stream()
                        .map(SamlCertificate::active)
                        .toList());
        assertFalse(write(s -> s.samlCertificates().activate(tenant.id(), principal.appId(), "none")));
        assertTrue(write(s -> s.samlCertificates().delete(tenant.id(), principal.appId(), old.keyId())));
        change(s -> s.servicePrincipals().delete(tenant.id(), principal.id()));
        assertEquals(List.of(), read(s -> s.samlCertificates().list(tenant.id(), principal.appId())));
        assertEquals(Optional.empty(), read(s -> s.samlSignOns().stored(tenant.id(), principal.appId())));
    }

    @Test
    void signsWithAValidOneWhenTheActiveOneHasExpired() {
        ServicePrincipal principal = servicePrincipal(tenant(), "wiki");
        SamlCertificate active = certificate(principal, true, NOW);
        SamlCertificate next = certificate(principal, false, NOW.plus(Duration.ofDays(20)));
        List<SamlCertificate> both = List.of(active, next);

        assertEquals(Optional.of(active), SamlCertificate.inForce(both, NOW.plus(Duration.ofDays(29))));
        assertEquals(Optional.of(next), SamlCertificate.inForce(both, NOW.plus(Duration.ofDays(31))));
        assertEquals(Optional.of(active), SamlCertificate.inForce(both, NOW.plus(Duration.ofDays(90))));
        assertEquals(Optional.empty(), SamlCertificate.inForce(List.of(), NOW));
    }

    @Test
    void aSharedPolicyShowsInTheSignOnOfEveryApplicationThatGoesByIt() {
        Tenant tenant = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "wiki");
        ServicePrincipal other = servicePrincipal(tenant, "other");
        var policy = new ClaimsMappingPolicy(tenant.id(), ClaimsMappingPolicyId.random(), "numbers", definition("n"));
        change(s -> s.claimsMappingPolicies().put(policy));
        for (ServicePrincipal each : List.of(wiki, other)) {
            change(s -> s.samlSignOns().put(signOn(each, SignOnMode.SAML, List.of("urn:" + each.displayName()))));
            change(s -> s.claimsMappingPolicies().assign(tenant.id(), each.appId(), policy.id()));
        }

        assertEquals(Optional.of(policy), read(s -> s.claimsMappingPolicies().find(tenant.id(), policy.id())));
        assertEquals(List.of(List.of("n"), List.of("n")), ruleNames(tenant));
        assertEquals(
                List.of("n"),
                names(read(s -> s.samlSignOns().findByIdentifier(tenant.id(), "urn:wiki"))
                        .orElseThrow()));
        change(s -> s.claimsMappingPolicies()
                .put(new ClaimsMappingPolicy(tenant.id(), policy.id(), "renamed", definition("m"))));
        assertEquals(List.of(List.of("m"), List.of("m")), ruleNames(tenant), "changed for both");
        change(s -> s.samlSignOns().put(signOn(wiki, SignOnMode.SAML, List.of("urn:wiki"))));
        assertEquals(List.of(List.of("m"), List.of("m")), ruleNames(tenant), "whatever else is set");
        assertThrows(
                RuntimeException.class,
                () -> change(s -> s.claimsMappingPolicies().delete(tenant.id(), policy.id())));

        for (ServicePrincipal each : List.of(wiki, other)) {
            assertTrue(write(s -> s.claimsMappingPolicies().unassign(tenant.id(), each.appId(), policy.id())));
            assertFalse(write(s -> s.claimsMappingPolicies().unassign(tenant.id(), each.appId(), policy.id())));
        }
        assertEquals(List.of(List.of("login"), List.of("login")), ruleNames(tenant), "of their own again");
        assertTrue(write(s -> s.claimsMappingPolicies().delete(tenant.id(), policy.id())));
        assertEquals(List.of(), read(s -> s.claimsMappingPolicies().list(tenant.id())));
    }

    @Test
    void aSharedPolicyIsFoundInItsTenantAndOutlivesItsApplications() {
        Tenant tenant = tenant();
        Tenant stranger = tenant();
        ServicePrincipal wiki = servicePrincipal(tenant, "wiki");
        var policy = new ClaimsMappingPolicy(tenant.id(), ClaimsMappingPolicyId.random(), "numbers", definition("n"));
        change(s -> s.claimsMappingPolicies().put(policy));
        change(s -> s.samlSignOns().put(signOn(wiki, SignOnMode.SAML, List.of("urn:a"))));
        change(s -> s.claimsMappingPolicies().assign(tenant.id(), wiki.appId(), policy.id()));

        assertEquals(Optional.empty(), read(s -> s.claimsMappingPolicies().find(stranger.id(), policy.id())));
        assertEquals(List.of(), read(s -> s.claimsMappingPolicies().list(stranger.id())));
        assertFalse(write(s -> s.claimsMappingPolicies().delete(stranger.id(), policy.id())));
        assertEquals(List.of(wiki.appId()), read(s -> s.claimsMappingPolicies().assigned(tenant.id(), policy.id())));
        change(s -> s.servicePrincipals().delete(tenant.id(), wiki.id()));
        assertEquals(List.of(), read(s -> s.claimsMappingPolicies().assigned(tenant.id(), policy.id())));
        assertEquals(List.of(policy), read(s -> s.claimsMappingPolicies().list(tenant.id())));
    }

    private static String definition(String claim) {
        return "{\"ClaimsMappingPolicy\":{\"ClaimsSchema\":[{\"Source\":\"user\",\"ID\":\"mail\",\"JwtClaimType\":\""
                + claim + "\"}]}}";
    }

    private List<List<String>> ruleNames(Tenant tenant) {
        return read(s -> s.samlSignOns().list(tenant.id())).stream()
                .map(SamlStoresTest::names)
                .toList();
    }

    private static List<String> names(SamlSignOn signOn) {
        return signOn.claims().rules().stream().map(ClaimRule::name).toList();
    }
}

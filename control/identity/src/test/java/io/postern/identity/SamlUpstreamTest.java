package io.postern.identity;

import static io.postern.identity.FakeSamlProvider.attribute;
import static io.postern.identity.FakeSamlProvider.persistent;
import static io.postern.identity.FakeSamlProvider.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.saml.Assertion;
import io.postern.saml.LogoutRequest;
import io.postern.saml.NameId;
import io.postern.saml.Response;
import io.postern.saml.SamlNames;
import io.postern.saml.metadata.SpMetadata;
import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.IdentityProviderStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Sign-in at an upstream SAML identity provider. How signatures are wrapped and statements forged, the tests of
/// [io.postern.saml.ResponseReader] try out; here it is asked whether everything it needs reaches it.
class SamlUpstreamTest extends OneSamlUpstreamSite {
    @Test
    void aNewcomerOfItsDomainBecomesAMemberAndComesBack() {
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        browser = host.browser();
        signedIn(arrive(persistent("p-1"), "other@contoso.example"));

        assertEquals(List.of("alice@contoso.example", "b.simon@contoso.example"), users());
        assertEquals(1, upstream.metadataAsked.get());
    }

    @Test
    void linksAnAccountOfItsDomain() {
        signedIn(arrive(persistent("p-9"), "B.Simon@contoso.example"));

        assertEquals(
                1,
                host.store
                        .read(s -> s.federatedIdentities().of(host.contoso.id(), host.simon.id()))
                        .size());
    }

    @Test
    void takesEncryptedAssertionsAndSignedResponses() {
        upstream.encryption = new AssertionEncryption(OWN.certificate(), AssertionEncryption.DataCipher.AES256_GCM);
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        upstream.encryption = null;
        upstream.signed = Response.Signed.RESPONSE;
        browser = host.browser();
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
    }

    @ParameterizedTest
    @EnumSource(AssertionEncryption.DataCipher.class)
    void takesEveryCipherInAResponseThatIsSigned(AssertionEncryption.DataCipher cipher) {
        upstream.encryption = new AssertionEncryption(OWN.certificate(), cipher);
        upstream.signed = Response.Signed.RESPONSE;

        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
    }

    @ParameterizedTest
    @EnumSource(
            value = AssertionEncryption.DataCipher.class,
            names = {"AES256_CBC", "AES128_CBC"})
    void takesNoCipherThatTellsOfItsPaddingFromAnybody(AssertionEncryption.DataCipher cipher) {
        upstream.encryption = new AssertionEncryption(OWN.certificate(), cipher);

        refused(arrive(persistent("p-1"), "alice@contoso.example"), 50008);
    }

    @Test
    void signsRequestsForWhomWantsIt() throws RefusedMessage {
        assertFalse(FakeSamlProvider.received(leave()).isSigned());
        upstream.wantsSigned = true;
        host.clock.advance(Duration.ofDays(2));
        browser = host.browser();

        FakeSamlProvider.received(leave())
                .verify(new XmlVerifier(List.of(OWN.certificate().getPublicKey()), SignatureAlgorithm.STRONG));
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                forgery(
                        "issuer",
                        a -> with(a, "urn:other", a.audiences(), a.confirmation(), a.notBefore(), a.notOnOrAfter())),
                forgery(
                        "audience",
                        a -> with(
                                a,
                                a.issuer(),
                                List.of("urn:other"),
                                a.confirmation(),
                                a.notBefore(),
                                a.notOnOrAfter())),
                forgery(
                        "recipient",
                        a -> confirmed(
                                a, "https://other.example/acs", a.confirmation().inResponseTo(), a.notOnOrAfter())),
                forgery(
                        "another request",
                        a -> confirmed(a, a.confirmation().recipient(), Optional.of("_other"), a.notOnOrAfter())),
                forgery(
                        "no request",
                        a -> confirmed(a, a.confirmation().recipient(), Optional.empty(), a.notOnOrAfter())),
                forgery(
                        "confirmation over",
                        a -> confirmed(
                                a,
                                a.confirmation().recipient(),
                                a.confirmation().inResponseTo(),
                                a.issued().minusSeconds(600))),
                forgery(
                        "expired",
                        a -> with(
                                a,
                                a.issuer(),
                                a.audiences(),
                                a.confirmation(),
                                a.notBefore(),
                                a.issued().minusSeconds(600))),
                forgery(
                        "not yet",
                        a -> with(
                                a,
                                a.issuer(),
                                a.audiences(),
                                a.confirmation(),
                                a.issued().plusSeconds(600),
                                a.notOnOrAfter())));
    }

    private static Arguments forgery(String name, UnaryOperator<Assertion> change) {
        return Arguments.of(name, change);
    }

    private static Assertion with(
            Assertion a, String issuer, List<String> audiences, Assertion.Confirmation c, Instant from, Instant until) {
        return new Assertion(
                a.id(), a.issued(), issuer, a.subject(), c, from, until, audiences, a.authentication(), a.attributes());
    }

    private static Assertion confirmed(Assertion a, String recipient, Optional<String> request, Instant until) {
        var confirmation = new Assertion.Confirmation(recipient, until, request);
        return with(a, a.issuer(), a.audiences(), confirmation, a.notBefore(), a.notOnOrAfter());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void anAssertionThatIsNotTheAnswerIsRefused(String name, UnaryOperator<Assertion> change) {
        upstream.said = change;

        refused(arrive(persistent("p-1"), "alice@contoso.example"), 50008);
        assertEquals(List.of("b.simon@contoso.example"), users(), name);
    }

    @Test
    void nobodyElseSignsForTheUpstream() {
        upstream.signing = FakeSamlProvider.SECOND;

        refused(arrive(persistent("p-1"), "alice@contoso.example"), 50008);
    }

    @Test
    void aTransientNameIsNobodysForGood() {
        refused(arrive(NameId.of("t-1", SamlNames.NAMEID_TRANSIENT), "alice@contoso.example"), 50008);
    }

    @Test
    void anAssertionCountsOnceEvenForAnotherRequestOfTheSameBrowser() {
        Map<String, String> first = upstream.answer(
                leave(), host.clock.instant(), persistent("p-1"), attribute(NAME, "alice@contoso.example"));
        signedIn(post(first));
        refused(post(first), 50089);
        browser = host.browser();
        var mixed = new LinkedHashMap<>(first);
        mixed.put("RelayState", FakeSamlProvider.received(leave()).relayState().orElseThrow());

        refused(post(mixed), 50008);
    }

    @Test
    void anAnswerThatNobodyAskedForSignsNobodyIn() {
        Map<String, String> stolen = upstream.answer(
                leave(), host.clock.instant(), persistent("p-1"), attribute(NAME, "alice@contoso.example"));
        browser = host.browser();

        refused(post(stolen), 50089);
        refused(post(Map.of("SAMLResponse", stolen.get("SAMLResponse"), "RelayState", "")), 50089);
    }

    @Test
    void aNewKeyIsFoundInTheMetadata() {
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        upstream.published = List.of(FakeSamlProvider.FIRST, FakeSamlProvider.SECOND);
        upstream.signing = FakeSamlProvider.SECOND;
        host.clock.advance(Duration.ofMinutes(2));
        browser = host.browser();

        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        assertEquals(2, upstream.metadataAsked.get());
    }

    @Test
    void metadataThatIsOverOrSomebodyElsesIsNotGoneBy() {
        upstream.validUntil = host.clock.instant().plusSeconds(3600).toString();
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        host.clock.advance(Duration.ofHours(2));
        browser = host.browser();

        Answer answer = browser.submit(browser.get(link().toString()), Map.of("username", "alice@contoso.example"));

        assertEquals(503, answer.status());
        refused(answer, 90033);
    }

    @Test
    void uploadedMetadataDoes() {
        register(false, false);
        host.store.write(s -> {
            s.identityProviders()
                    .keep(
                            provider.tenant(),
                            provider.id(),
                            new IdentityProviderStore.Document("metadata", upstream.metadata(), host.clock.instant()));
            return true;
        });

        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        assertEquals(0, upstream.metadataAsked.get());
    }

    @Test
    void anewMeansAnewThereToo() {
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));
        Answer away = browser.get(link().with("prompt", "login").toString());
        assertTrue(request(away).forceAuthn());
        upstream.said = a -> new Assertion(
                a.id(),
                a.issued(),
                a.issuer(),
                a.subject(),
                a.confirmation(),
                a.notBefore(),
                a.notOnOrAfter(),
                a.audiences(),
                new Assertion.Authentication(
                        a.issued().minusSeconds(3600),
                        Optional.empty(),
                        a.authentication().classRef(),
                        Optional.empty()),
                a.attributes());

        refused(post(upstream.answer(away, host.clock.instant(), persistent("p-1"))), 50133);
    }

    @Test
    void theSessionThereEndsWithTheOneHere() throws RefusedMessage {
        signedIn(arrive(persistent("p-1"), "alice@contoso.example"));

        Answer out = browser.signOut("/contoso/oauth2/v2.0/logout");

        assertTrue(out.location().orElse("").startsWith(upstream.origin() + "/slo?SAMLRequest="), out.toString());
        LogoutRequest asked = LogoutRequest.read(FakeSamlProvider.received(out).root());
        assertEquals(Optional.of("p-1"), asked.nameId().map(NameId::value));
        assertEquals(List.of("_session"), asked.sessionIndexes());
        assertTrue(FakeSamlProvider.received(out).isSigned());
    }

    @Test
    void tellsItsAdministratorsWhatToSet() throws RefusedMessage {
        Answer answer = browser.get("/contoso/federation/" + provider.id() + "/metadata");

        SpMetadata read = SpMetadata.read(answer.body().getBytes(StandardCharsets.UTF_8));
        String ours = Browser.ORIGIN + "/" + host.contoso.id() + "/federation/" + provider.id();
        assertEquals(ours, read.entityId());
        assertEquals(ours + "/acs", read.replies().getFirst().url());
        assertEquals(List.of(OWN.certificate()), read.encryption());
        assertTrue(read.encryptionMethods().contains(AssertionEncryption.DataCipher.AES256_GCM.uri()));
        assertEquals(request(leave()).header().issuer(), read.entityId());
    }
}

package io.postern.identity;

import static io.postern.identity.LoginHost.PASSWORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.SamlSignOn;
import io.postern.identity.Browser.Answer;
import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.AuthnContexts;
import io.postern.saml.AuthnRequest;
import io.postern.saml.Header;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.SamlNames;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.ServicePrincipal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;

/// Sign-ins by SAML on the login host as it runs: what service providers ask, and what they get.
class SamlSignInTest extends OneSamlSite {
    SamlSignInTest() {
        super("wages", false);
    }

    private Answer signIn(String link) {
        return browser.signIn(browser.get(link), USER, PASSWORD);
    }

    @Test
    void signsInAndPostsASignedAssertionToTheReplyUrl() throws RefusedMessage {
        AuthnRequest request = site.request();
        Answer page = signIn(site.link(request));
        assertEquals(200, page.status());
        assertEquals(SamlSite.ACS, page.action());
        assertEquals("state & <x>", page.hidden().get("RelayState"));
        String policy = page.fields().get("content-security-policy");
        assertTrue(policy.contains("script-src 'self'") && policy.contains("form-action 'self' https:"), policy);
        assertTrue(page.body().contains("type=\"submit\""), "works with one click where scripts are off");

        Assertion read = site.read(page, Optional.of(request.header().id()));
        assertEquals(USER, read.subject().value());
        assertEquals(SamlNames.NAMEID_EMAIL, read.subject().format());
        assertEquals(List.of(site.entityId), read.audiences());
        assertEquals(Duration.ofMinutes(70), Duration.between(read.notBefore(), read.notOnOrAfter()));
        assertEquals(
                Duration.ofMinutes(5),
                Duration.between(host.clock.instant(), read.confirmation().notOnOrAfter()));
        assertEquals(AuthnContexts.PASSWORD, read.authentication().classRef());
        assertEquals(Optional.of(read.id()), read.authentication().sessionIndex());
        Map<String, List<String>> said = new HashMap<>();
        for (Attribute attribute : read.attributes()) {
            said.put(attribute.name().substring(attribute.name().lastIndexOf('/') + 1), attribute.values());
        }
        assertEquals(List.of(USER), said.get("name"));
        assertEquals(List.of(host.contoso.id().value()), said.get("tenantid"));
        assertEquals(List.of(host.simon.id().value()), said.get("objectidentifier"));
        assertEquals(List.of(site.issuer()), said.get("identityprovider"));
        assertTrue(said.get("authnmethodsreferences").getFirst().endsWith("/password"), said.toString());
    }

    @Test
    void goesOnFromTheSessionAndForceAuthnDoesNot() throws RefusedMessage {
        signIn(site.link(site.request()));
        Answer again = browser.get(site.link(site.request()));
        assertEquals(SamlSite.ACS, again.action());
        AuthnRequest asked = change(site.request(), true, false, Optional.empty(), Optional.empty());
        Answer forced = browser.get(site.link(asked));
        assertEquals("/contoso/login", forced.action());
        assertTrue(forced.body().contains(USER), "the name is there already");
        host.clock.advance(Duration.ofMinutes(2));
        Assertion fresh = site.read(
                browser.signIn(forced, USER, PASSWORD),
                Optional.of(asked.header().id()));
        assertEquals(host.clock.instant(), fresh.authentication().instant());
    }

    @Test
    void passiveRequestsNeverAsk() throws RefusedMessage {
        AuthnRequest asked = change(site.request(), false, true, Optional.empty(), Optional.empty());
        Answer refused = browser.get(site.link(asked));
        assertEquals(SamlSite.ACS, refused.action());
        assertTrue(SamlSite.status(refused).startsWith("NoPassive AADSTS50058"), SamlSite.status(refused));
        var verifier = new XmlVerifier(List.of(site.providerKey), SignatureAlgorithm.STRONG);
        verifier.verify(SamlSite.response(refused)); // refusals are signed too
        signIn(site.link(site.request()));
        Answer silent = browser.get(site.link(asked));
        assertEquals(
                USER,
                site.read(silent, Optional.of(asked.header().id())).subject().value());
    }

    @Test
    void postedRequestsFindTheSessionThoughItsCookieStaysAway() throws RefusedMessage {
        signIn(site.link(site.request()));
        AuthnRequest asked = site.request();
        // another site's page posts: without the cookie, as browsers do
        Answer posted = host.browser()
                .post(
                        "/contoso/saml2",
                        Map.of("SAMLRequest", PostBinding.write(asked.write()), "RelayState", "r"),
                        "origin",
                        "https://sp.example.com",
                        "sec-fetch-site",
                        "cross-site");
        assertEquals(303, posted.status());
        Answer page = browser.get(posted.location().orElseThrow());
        assertEquals(
                USER,
                site.read(page, Optional.of(asked.header().id())).subject().value());
        assertEquals("r", page.hidden().get("RelayState"));
    }

    /// What would not come back to us by redirect and through the forms is refused at once, in words.
    @Test
    void refusesWhatIsTooLongToComeBack() throws RefusedMessage {
        String message = PostBinding.write(site.request().write());
        Answer taken = browser.post("/contoso/saml2", Map.of("SAMLRequest", message, "RelayState", "/".repeat(8000)));
        Answer page = signIn(taken.location().orElseThrow());
        assertEquals("/".repeat(8000), page.hidden().get("RelayState"));

        for (String field : List.of("RelayState", "login_hint")) {
            Answer refused =
                    host.browser().post("/contoso/saml2", Map.of("SAMLRequest", message, field, "/".repeat(40_000)));
            assertFault("AADSTS75001", refused);
            assertTrue(refused.body().contains("RelayState"), refused.body());
        }
    }

    @Test
    void beginsHereWhereTheServiceProviderCannot() throws RefusedMessage {
        Answer page = signIn("/contoso/saml2/start?appid=" + site.application.appId());
        assertEquals(USER, site.read(page, Optional.empty()).subject().value());
        assertEquals(
                Optional.empty(),
                site.read(page, Optional.empty()).confirmation().inResponseTo());
    }

    @Test
    void nameIdFollowsTheRequest() throws RefusedMessage {
        signIn(site.link(site.request()));
        assertEquals(USER, nameId(SamlNames.NAMEID_EMAIL));
        String persistent = nameId(SamlNames.NAMEID_PERSISTENT);
        assertEquals(persistent, nameId(SamlNames.NAMEID_PERSISTENT));
        assertNotEquals(USER, persistent);
        assertEquals(persistent, nameId(SamlNames.NAMEID_UNSPECIFIED));
        assertNotEquals(nameId(SamlNames.NAMEID_TRANSIENT), nameId(SamlNames.NAMEID_TRANSIENT));
        site = SamlSite.register(host, "other", UnaryOperator.identity());
        assertNotEquals(persistent, nameId(SamlNames.NAMEID_PERSISTENT), "two applications cannot compare users");
    }

    private String nameId(String format) throws RefusedMessage {
        AuthnRequest asked = change(
                site.request(),
                false,
                false,
                Optional.of(new AuthnRequest.NameIdPolicy(Optional.of(format), Optional.of("urn:q"))),
                Optional.empty());
        Assertion read = site.read(
                browser.get(site.link(asked)), Optional.of(asked.header().id()));
        assertEquals(Optional.of("urn:q"), read.subject().spNameQualifier());
        assertEquals(format, read.subject().format());
        return read.subject().value();
    }

    @Test
    void saysTheContextThatWasAskedForIfItIsMet() throws RefusedMessage {
        signIn(site.link(site.request()));
        AuthnRequest asked = context("exact", AuthnContexts.X509, AuthnContexts.PASSWORD_PROTECTED_TRANSPORT);
        assertEquals(
                AuthnContexts.PASSWORD_PROTECTED_TRANSPORT,
                site.read(
                                browser.get(site.link(asked)),
                                Optional.of(asked.header().id()))
                        .authentication()
                        .classRef());
    }

    private AuthnRequest context(String comparison, String... classes) {
        return change(
                site.request(),
                false,
                false,
                Optional.empty(),
                Optional.of(new AuthnRequest.RequestedContext(comparison, List.of(classes))));
    }

    @Nested
    class Signing {
        @ParameterizedTest
        @EnumSource(SamlSignOn.Signing.Option.class)
        void signsWhatIsSetAndEncryptsForTheCertificateInUse(SamlSignOn.Signing.Option option) throws RefusedMessage {
            var partner = PartnerCertificate.parse("c", SamlSite.base64(SamlSite.ownKey()), "sp");
            site = SamlSite.register(
                    host,
                    "signing",
                    s -> SamlSite.with(
                            s,
                            new SamlSignOn.Signing(option, SamlSignOn.Signing.Algorithm.SHA256, true),
                            new SamlSignOn.Encryption(
                                    List.of(partner), Optional.empty(), SamlSignOn.Encryption.NONE.algorithm()),
                            ClaimsPolicy.DEFAULT));
            AuthnRequest asked = site.request();
            Answer page = signIn(site.link(asked));
            Element response = SamlSite.response(page);
            Element assertion = Elements.required(response, SamlNames.ASSERTION, "Assertion");
            assertEquals(option != SamlSignOn.Signing.Option.ASSERTION, XmlVerifier.isSigned(response));
            assertEquals(option != SamlSignOn.Signing.Option.RESPONSE, XmlVerifier.isSigned(assertion));
            assertEquals(
                    USER,
                    site.read(page, Optional.of(asked.header().id())).subject().value());
        }

        @ParameterizedTest
        @EnumSource(SamlSignOn.Encryption.Algorithm.class)
        void encryptsWhatNobodyElseShallRead(SamlSignOn.Encryption.Algorithm algorithm) throws RefusedMessage {
            var partner = PartnerCertificate.parse("c", SamlSite.base64(SamlSite.ownKey()), "sp");
            site = SamlSite.register(
                    host,
                    "secret",
                    s -> SamlSite.with(
                            s,
                            SamlSignOn.Signing.DEFAULT,
                            new SamlSignOn.Encryption(List.of(partner), Optional.of(partner.keyId()), algorithm),
                            ClaimsPolicy.DEFAULT));
            Element response = SamlSite.response(signIn(site.link(site.request())));
            assertFalse(Markup.write(response).contains(USER));
            assertTrue(Markup.write(response).contains("EncryptedAssertion"));
            String cipher = algorithm.name().toLowerCase(Locale.ROOT).replace("_", "-");
            assertTrue(Markup.write(response).contains("#" + cipher + "\""), Markup.write(response));
            assertTrue(Markup.write(response).contains("#rsa-oaep-mgf1p\""), Markup.write(response));
        }

        @Test
        void newCertificateSignsOnlyWhenItIsActiveAndMetadataListsBoth() throws RefusedMessage {
            SigningKey next = SamlSite.key("next");
            var inactive = SamlSite.certificate(host, site.application, next, false);
            host.store.write(s -> {
                s.samlCertificates().insert(inactive);
                return next;
            });
            IdpMetadata during = metadata("&roledescriptor=no");
            assertEquals(2, during.signing().size());
            assertEquals(site.providerKey, during.signing().getFirst().getPublicKey());
            AuthnRequest first = site.request();
            site.read(signIn(site.link(first)), Optional.of(first.header().id()));
            host.store.write(s -> s.samlCertificates()
                    .activate(site.application.tenant(), site.application.appId(), inactive.keyId()));
            Element response = SamlSite.response(browser.get(site.link(site.request())));
            new XmlVerifier(List.of(next.certificate().getPublicKey()), SignatureAlgorithm.STRONG)
                    .verify(Elements.required(response, SamlNames.ASSERTION, "Assertion"));
            assertEquals(next.certificate(), metadata("").signing().getFirst());
        }
    }

    private IdpMetadata metadata(String more) throws RefusedMessage {
        Answer file = browser.get("/" + host.contoso.id() + "/federationmetadata/2007-06/federationmetadata.xml?appid="
                + site.application.appId() + more);
        assertEquals(200, file.status());
        assertEquals(!more.contains("no"), file.body().contains("RoleDescriptor"));
        return IdpMetadata.read(file.body().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void metadataOfTheTenantNamesItsAddressesAndCertificates() throws RefusedMessage {
        Answer file = browser.get("/contoso/federationmetadata/2007-06/federationmetadata.xml");
        IdpMetadata read = IdpMetadata.read(file.body().getBytes(StandardCharsets.UTF_8));
        assertEquals(site.issuer(), read.entityId());
        assertEquals(site.issuer() + "saml2", read.signInUrl());
        assertEquals(Optional.of(site.issuer() + "saml2"), read.logoutUrl());
        assertEquals(1, read.signing().size());
        assertEquals(
                400,
                browser.get("/contoso/federationmetadata/2007-06/federationmetadata.xml?appid=" + host.wiki.appId())
                        .status());
    }

    @Nested
    class SignedRequests {
        private final XmlSigner stranger = new XmlSigner(SamlSite.key("stranger"), SignatureAlgorithm.RSA_SHA256);

        @BeforeEach
        void require() {
            site = SamlSite.register(host, "strict", SamlSite::requiringSignatures);
        }

        @Test
        void takesSignedOnesByRedirectAndPost() throws RefusedMessage {
            AuthnRequest asked = site.request();
            Answer page = signIn(site.link(asked, site.signer()));
            site.read(page, Optional.of(asked.header().id()));
            Element signed = site.request().write();
            site.signer().sign(signed, "ID", signed.getFirstChild().getNextSibling());
            assertEquals(303, post(signed).status());
        }

        @Test
        void refusesUnsignedForgedAndOldOnes() {
            assertFault("AADSTS76021", browser.get(site.link(site.request())));
            assertFault("AADSTS76021", browser.get(site.link(site.request(), stranger)));
            assertFault("AADSTS76021", post(site.request().write()));
            Element forged = site.request().write();
            stranger.sign(forged, "ID", null);
            assertFault("AADSTS76021", post(forged));
            Element changed = site.request().write();
            site.signer().sign(changed, "ID", null);
            changed.setAttribute("AssertionConsumerServiceURL", SamlSite.SECOND_ACS);
            assertFault("AADSTS76021", post(changed));
            assertFault("AADSTS76021", browser.get("/contoso/saml2/start?appid=" + site.application.appId()));
        }

        @Test
        void tellsTheServiceProviderThatASignedRequestIsOld() throws RefusedMessage {
            String link = site.link(site.request(), site.signer());
            host.clock.advance(Duration.ofHours(1));
            String status = SamlSite.status(browser.get(link));
            assertTrue(status.startsWith("RequestDenied AADSTS76026"), status);
        }

        private Answer post(Element request) {
            return browser.post("/contoso/saml2", Map.of("SAMLRequest", PostBinding.write(request)));
        }
    }

    @Nested
    class Faults {
        @Test
        void replyUrlMustBeRegisteredLetterByLetter() {
            for (String reply : List.of(
                    SamlSite.ACS + "/",
                    SamlSite.ACS + "?x",
                    "https://sp.example.com/ACS",
                    "http://sp.example.com/acs",
                    "https://sp.example.com:443/acs",
                    "https://sp.example.com.evil.example/acs",
                    "https://evil.example/",
                    "//sp.example.com/acs",
                    "javascript:alert(1)")) {
                AuthnRequest asked =
                        AuthnRequest.of(Header.of(host.clock.instant(), "https://x/", site.entityId), reply);
                assertFault("AADSTS50011", browser.get(site.link(asked)));
            }
            assertFault("AADSTS50011", browser.get(site.link(index(3))));
        }

        @Test
        void indexAndNothingChooseTheReplyUrl() {
            assertEquals(SamlSite.SECOND_ACS, signIn(site.link(index(7))).action());
            AuthnRequest none = index(0);
            assertEquals(SamlSite.ACS, browser.get(site.link(none)).action());
        }

        @Test
        void serviceProviderHearsWhatItAskedWrong() throws RefusedMessage {
            assertTold(
                    "InvalidNameIDPolicy AADSTS75016",
                    change(
                            site.request(),
                            false,
                            false,
                            Optional.of(new AuthnRequest.NameIdPolicy(
                                    Optional.of("urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos"),
                                    Optional.empty())),
                            Optional.empty()));
            assertTold("NoAuthnContext AADSTS75011", context("minimum", AuthnContexts.PASSWORD));
            assertTold("NoAuthnContext AADSTS75011", context("exact", AuthnContexts.SMARTCARD));
            AuthnRequest r = site.request();
            assertTold(
                    "RequestUnsupported AADSTS75006",
                    new AuthnRequest(
                            r.header(),
                            r.reply(),
                            r.replyIndex(),
                            r.protocolBinding(),
                            false,
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            true));
            assertTold(
                    "UnsupportedBinding AADSTS75003",
                    new AuthnRequest(
                            r.header(),
                            r.reply(),
                            r.replyIndex(),
                            Optional.of(SamlNames.BINDING_REDIRECT),
                            false,
                            false,
                            Optional.empty(),
                            Optional.empty(),
                            false));
        }

        private void assertTold(String expected, AuthnRequest asked) throws RefusedMessage {
            Element request = asked.write();
            if (asked.hasSubject()) {
                Element subject = request.getOwnerDocument().createElementNS(SamlNames.ASSERTION, "s:Subject");
                subject.setAttributeNS("http://www.w3.org/2000/xmlns/", "xmlns:s", SamlNames.ASSERTION);
                request.appendChild(subject);
            }
            Answer page = browser.get(
                    "/contoso/saml2?" + RedirectBinding.write("SAMLRequest", request, Optional.empty(), null));
            assertEquals(SamlSite.ACS, page.action());
            String status = SamlSite.status(page);
            assertTrue(status.startsWith(expected), status);
            assertTrue(status.contains("Trace ID: "), status);
        }

        @Test
        void whatCannotBeReadGetsAPageWithACode() {
            assertFault("AADSTS750054", browser.get("/contoso/saml2"));
            assertFault("AADSTS75001", browser.get("/contoso/saml2?SAMLRequest=%25"));
            assertFault("AADSTS9000411", browser.get(site.link(site.request()) + "&SAMLRequest=x"));
            AuthnRequest r = AuthnRequest.of(
                    new Header("1abc", host.clock.instant(), Optional.empty(), site.entityId), SamlSite.ACS);
            assertFault("AADSTS7500529", browser.get(site.link(r)));
            AuthnRequest unknown = AuthnRequest.of(
                    Header.of(host.clock.instant(), "https://x/", "https://nobody.example/<b>"), SamlSite.ACS);
            Answer page = browser.get(site.link(unknown));
            assertFault("AADSTS700016", page);
            assertFalse(page.body().contains("<b>"), "escaped");
            assertFault("AADSTS90002", browser.get("/nowhere/saml2?SAMLRequest=x"));
        }

        @Test
        void whoIsNotAssignedReadsItHere() {
            site = SamlSite.register(host, "few", UnaryOperator.identity());
            host.store.write(s -> {
                var p = s.servicePrincipals()
                        .findByAppId(host.contoso.id(), site.application.appId())
                        .orElseThrow();
                return s.servicePrincipals()
                        .update(new ServicePrincipal(
                                p.tenant(), p.id(), p.appId(), p.displayName(), true, true, p.tags(), p.created()));
            });
            assertFault("AADSTS50105", signIn(site.link(site.request())));
        }

        private AuthnRequest index(int index) {
            AuthnRequest r = site.request();
            return new AuthnRequest(
                    r.header(),
                    Optional.empty(),
                    index == 0 ? OptionalInt.empty() : OptionalInt.of(index),
                    Optional.empty(),
                    false,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    false);
        }
    }

    private static void assertFault(String code, Answer page) {
        assertTrue(page.status() >= 400 && page.body().contains(code), page.status() + " " + page.body());
    }

    private static AuthnRequest change(
            AuthnRequest r,
            boolean force,
            boolean passive,
            Optional<AuthnRequest.NameIdPolicy> policy,
            Optional<AuthnRequest.RequestedContext> context) {
        return new AuthnRequest(
                r.header(), r.reply(), r.replyIndex(), r.protocolBinding(), force, passive, policy, context, false);
    }
}

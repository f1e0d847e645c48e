package io.postern.identity;

import static io.postern.identity.FakeSamlProvider.persistent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.postern.identity.Browser.Answer;
import io.postern.saml.Header;
import io.postern.saml.LogoutRequest;
import io.postern.saml.LogoutResponse;
import io.postern.saml.MessageId;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.SessionStore;
import io.postern.store.User;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/// Sign-out that begins at an upstream SAML identity provider (FED-4).
class SamlUpstreamLogoutTest extends OneSamlUpstreamSite {
    private String path() {
        return "/" + host.contoso.id() + "/federation/" + provider.id() + "/signed-out";
    }

    private User signIn(String subject) {
        browser = host.browser();
        signedIn(arrive(persistent(subject), subject + "@contoso.example"));
        return host.store.read(
                s -> s.users().findByPrincipalName(subject + "@contoso.example").orElseThrow());
    }

    private List<SessionStore.Row> sessions(User user) {
        return host.store.read(s -> s.sessions().of(user.tenant(), user.id()));
    }

    private LogoutRequest asking(String subject, String... indexes) {
        return new LogoutRequest(
                new Header(
                        MessageId.random(),
                        host.clock.instant(),
                        Optional.of(Browser.ORIGIN + path()),
                        FakeSamlProvider.ENTITY),
                Optional.of(persistent(subject)),
                List.of(indexes));
    }

    private static XmlSigner signer(SigningKey key) {
        return new XmlSigner(key, SignatureAlgorithm.RSA_SHA256);
    }

    private Answer redirected(Element message, SigningKey key) {
        return browser.get(
                path() + "?" + RedirectBinding.write("SAMLRequest", message, Optional.of("r1"), signer(key)));
    }

    private LogoutResponse answered(Answer answer) throws RefusedMessage {
        String url = answer.location().orElseThrow(() -> new AssertionError(answer.status() + answer.body()));
        assertTrue(url.startsWith(upstream.origin() + "/slo?"), url);
        RedirectBinding.Received received =
                RedirectBinding.read(URI.create(url).getRawQuery(), "SAMLResponse");
        received.verify(new XmlVerifier(List.of(OWN.certificate().getPublicKey()), SignatureAlgorithm.STRONG));
        assertEquals(Optional.of("r1"), received.relayState());
        return LogoutResponse.read(received.root());
    }

    @Test
    void theSessionHereEndsAndTheProviderIsTold() throws RefusedMessage {
        User alice = signIn("alice");
        LogoutRequest asked = asking("alice", "_session");

        LogoutResponse answer = answered(redirected(asked.write(), FakeSamlProvider.FIRST));

        assertEquals(List.of(), sessions(alice));
        assertTrue(answer.status().isSuccess());
        assertEquals(Optional.of(asked.header().id()), answer.inResponseTo());
    }

    @Test
    void othersSessionsAndOtherSessionsStay() throws RefusedMessage {
        User alice = signIn("alice");
        User bob = signIn("bob");

        answered(redirected(asking("alice", "_another").write(), FakeSamlProvider.FIRST));
        assertEquals(1, sessions(alice).size());
        answered(redirected(asking("alice").write(), FakeSamlProvider.FIRST));
        assertEquals(List.of(), sessions(alice));
        assertEquals(1, sessions(bob).size());
    }

    @Test
    void aRequestThatComesAgainEndsNoLaterSession() throws RefusedMessage {
        User alice = signIn("alice");
        Element asked = asking("alice").write();
        answered(redirected(asked, FakeSamlProvider.FIRST));
        signIn("alice");

        answered(redirected(asked, FakeSamlProvider.FIRST));
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void comesByPostToo() throws RefusedMessage {
        User alice = signIn("alice");
        Element asked = asking("alice", "_session").write();
        signer(FakeSamlProvider.FIRST).sign(asked, "ID", asked.getFirstChild().getNextSibling());

        answered(host.browser().post(path(), Map.of("SAMLRequest", PostBinding.write(asked), "RelayState", "r1")));
        assertEquals(List.of(), sessions(alice));
    }

    @Test
    void aNewKeyIsFoundInTheMetadata() throws RefusedMessage {
        User alice = signIn("alice");
        upstream.published = List.of(FakeSamlProvider.SECOND);
        host.clock.advance(Duration.ofMinutes(2));

        answered(redirected(asking("alice").write(), FakeSamlProvider.SECOND));
        assertEquals(List.of(), sessions(alice));
    }

    static Stream<Arguments> forgeries() {
        return Stream.of(
                forgery("another issuer", h -> new Header(h.id(), h.issued(), h.destination(), "urn:other")),
                forgery(
                        "another destination",
                        h -> new Header(h.id(), h.issued(), Optional.of("https://other.example/slo"), h.issuer())),
                forgery("no destination", h -> new Header(h.id(), h.issued(), Optional.empty(), h.issuer())),
                forgery("old", h -> at(h, h.issued().minusSeconds(600))),
                forgery("of the future", h -> at(h, h.issued().plusSeconds(600))));
    }

    private static Arguments forgery(String name, UnaryOperator<Header> change) {
        return Arguments.of(name, change);
    }

    private static Header at(Header header, Instant issued) {
        return new Header(header.id(), issued, header.destination(), header.issuer());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void refuses(String name, UnaryOperator<Header> change) {
        User alice = signIn("alice");
        LogoutRequest asked = asking("alice");
        var forged = new LogoutRequest(change.apply(asked.header()), asked.nameId(), asked.sessionIndexes());

        refused(redirected(forged.write(), FakeSamlProvider.FIRST), 50008);
        assertEquals(1, sessions(alice).size(), name);
    }

    @Test
    void refusesWhatTheProviderDidNotSign() {
        User alice = signIn("alice");
        Element asked = asking("alice").write();

        refused(redirected(asked, FakeSamlProvider.SECOND), 50008);
        refused(browser.get(path() + "?" + RedirectBinding.write("SAMLRequest", asked, Optional.empty(), null)), 50008);
        refused(host.browser().post(path(), Map.of("SAMLRequest", PostBinding.write(asked))), 50008);
        refused(browser.get(path() + "?SAMLRequest=x"), 50008);
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void refusesOneThatWasOver() {
        User alice = signIn("alice");
        Element asked = asking("alice").write();
        asked.setAttribute(
                "NotOnOrAfter", host.clock.instant().minusSeconds(240).toString());

        refused(redirected(asked, FakeSamlProvider.FIRST), 50008);
        assertEquals(1, sessions(alice).size());
    }

    @Test
    void theWayBackByPostGoesOnByGet() {
        Answer answer = host.browser().post(path(), Map.of("SAMLResponse", "x", "RelayState", "a b"));

        assertEquals(303, answer.status());
        assertEquals(Optional.of(path() + "?RelayState=a+b"), answer.location().map(l -> l.replace("%20", "+")));
    }
}

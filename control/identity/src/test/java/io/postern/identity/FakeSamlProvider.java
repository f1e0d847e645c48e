package io.postern.identity;

import com.sun.net.httpserver.HttpExchange;
import io.postern.fixtures.HttpsSite;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.Assertion;
import io.postern.saml.Attribute;
import io.postern.saml.AuthnContexts;
import io.postern.saml.AuthnRequest;
import io.postern.saml.Header;
import io.postern.saml.MessageId;
import io.postern.saml.NameId;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.Response;
import io.postern.saml.SamlNames;
import io.postern.saml.Status;
import io.postern.saml.metadata.IdpMetadata;
import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.Markup;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A SAML identity provider that says what a test makes it say.
final class FakeSamlProvider implements AutoCloseable {
    static final TestCertificates AUTHORITY = TestCertificates.authority("upstream-saml");
    static final String ENTITY = "urn:idp:partner";
    static final SigningKey FIRST = SamlSite.key("idp-1");
    static final SigningKey SECOND = SamlSite.key("idp-2");

    private final HttpsSite site = HttpsSite.start(AUTHORITY.server("localhost"), this::handle);
    final AtomicInteger metadataAsked = new AtomicInteger();
    volatile List<SigningKey> published = List.of(FIRST);
    volatile SigningKey signing = FIRST;
    volatile boolean wantsSigned;
    volatile String validUntil = "";
    /// What becomes of the assertion before it is signed.
    volatile UnaryOperator<Assertion> said = UnaryOperator.identity();
    volatile Response.Signed signed = Response.Signed.ASSERTION;
    volatile @Nullable AssertionEncryption encryption;

    String origin() {
        return "https://localhost:" + site.port();
    }

    String metadata() {
        return Markup.write(new IdpMetadata(
                                ENTITY,
                                published.stream().map(SigningKey::certificate).toList(),
                                origin() + "/sso",
                                Optional.of(origin() + "/slo"),
                                wantsSigned)
                        .write(null, null))
                .replaceFirst(
                        "entityID=",
                        validUntil.isEmpty() ? "entityID=" : "validUntil=\"" + validUntil + "\" entityID=");
    }

    static RedirectBinding.Received received(Browser.Answer sentAway) {
        try {
            return RedirectBinding.read(
                    URI.create(sentAway.location().orElseThrow(() -> new AssertionError(sentAway)))
                            .getRawQuery(),
                    "SAMLRequest");
        } catch (RefusedMessage e) {
            throw new AssertionError(e);
        }
    }

    static AuthnRequest request(Browser.Answer sentAway) {
        try {
            return AuthnRequest.read(received(sentAway).root());
        } catch (RefusedMessage e) {
            throw new AssertionError(e);
        }
    }

    static Attribute attribute(String name, String... values) {
        return new Attribute(name, Optional.empty(), List.of(values));
    }

    static NameId persistent(String value) {
        return NameId.of(value, SamlNames.NAMEID_PERSISTENT);
    }

    /// @return fields of the form that goes to the reply address
    Map<String, String> answer(Browser.Answer sentAway, Instant now, NameId subject, Attribute... attributes) {
        AuthnRequest request = request(sentAway);
        String reply = request.reply().orElseThrow();
        var assertion = new Assertion(
                MessageId.random(),
                now,
                ENTITY,
                subject,
                new Assertion.Confirmation(
                        reply,
                        now.plusSeconds(300),
                        Optional.of(request.header().id())),
                now.minusSeconds(5),
                now.plusSeconds(300),
                List.of(request.header().issuer()),
                new Assertion.Authentication(now, Optional.of("_session"), AuthnContexts.PASSWORD, Optional.empty()),
                List.of(attributes));
        var response = new Response(
                Header.of(now, reply, ENTITY),
                Optional.of(request.header().id()),
                Status.SUCCESS,
                Optional.of(said.apply(assertion)));
        return Map.of(
                "SAMLResponse",
                PostBinding.write(
                        response.write(new XmlSigner(signing, SignatureAlgorithm.RSA_SHA256), signed, encryption)),
                "RelayState",
                received(sentAway).relayState().orElse(""));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            metadataAsked.incrementAndGet();
            byte[] body = metadata().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        site.close();
    }
}

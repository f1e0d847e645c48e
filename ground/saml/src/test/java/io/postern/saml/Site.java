package io.postern.saml;

import io.postern.fixtures.TestCertificates;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// An identity provider, an attacker and a service provider with their keys, and a sign-in that is good.
final class Site {
    static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    static final String ISSUER = "https://login.example.com/7f8a/";
    static final String AUDIENCE = "https://sp.example.com/metadata";
    static final String ACS = "https://sp.example.com/acs";
    static final String REQUEST = "_request1";
    static final String USER = "b.simon@contoso.example";

    static final SigningKey PROVIDER = key("provider");
    static final SigningKey ATTACKER = key("attacker");
    static final SigningKey SERVICE = key("service");

    private final Set<String> used = new HashSet<>();

    static SigningKey key(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            TestCertificates.Issued issued = TestCertificates.authority(name).server(generator.generateKeyPair(), name);
            return new SigningKey(issued.key(), issued.leaf());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static XmlSigner signer(SigningKey key) {
        return new XmlSigner(key, SignatureAlgorithm.RSA_SHA256);
    }

    static Expectations expectations() {
        return new Expectations(
                ISSUER,
                List.of(PROVIDER.certificate().getPublicKey()),
                SignatureAlgorithm.STRONG,
                AUDIENCE,
                ACS,
                Optional.of(REQUEST),
                false,
                Duration.ofMinutes(3),
                List.of(SERVICE));
    }

    static Assertion assertion() {
        return new Assertion(
                MessageId.random(),
                NOW,
                ISSUER,
                NameId.of(USER, SamlNames.NAMEID_EMAIL),
                new Assertion.Confirmation(ACS, NOW.plus(Duration.ofMinutes(5)), Optional.of(REQUEST)),
                NOW.minus(Duration.ofMinutes(5)),
                NOW.plus(Duration.ofMinutes(65)),
                List.of(AUDIENCE),
                new Assertion.Authentication(NOW, Optional.of("_session1"), AuthnContexts.PASSWORD, Optional.empty()),
                List.of(new Attribute(
                        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
                        Optional.empty(),
                        List.of(USER))));
    }

    static Response response(Assertion assertion) {
        return new Response(Header.of(NOW, ACS, ISSUER), Optional.of(REQUEST), Status.SUCCESS, Optional.of(assertion));
    }

    /// Reads a response as the service provider does; the same site remembers what was used.
    Assertion read(String field, Expectations expected) throws RefusedMessage {
        return new ResponseReader(expected, (issuer, id, _) -> used.add(issuer + id))
                .read(PostBinding.read(field), NOW);
    }

    /// @return why it is not taken; empty if it is
    Optional<Refusal> refusal(String field, Expectations expected) {
        try {
            read(field, expected);
            return Optional.empty();
        } catch (RefusedMessage e) {
            return Optional.of(e.refusal());
        }
    }
}

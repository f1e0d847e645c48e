package io.postern.identity;

import io.postern.domain.claims.ClaimsPolicy;
import io.postern.domain.publish.Application;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.domain.signon.SignOnMode;
import io.postern.fixtures.TestCertificates;
import io.postern.saml.Assertion;
import io.postern.saml.AuthnRequest;
import io.postern.saml.Expectations;
import io.postern.saml.Header;
import io.postern.saml.PostBinding;
import io.postern.saml.RedirectBinding;
import io.postern.saml.ResponseReader;
import io.postern.saml.SamlNames;
import io.postern.saml.xml.Elements;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.SigningKey;
import io.postern.saml.xml.XmlSigner;
import io.postern.store.SamlCertificate;
import io.postern.token.SealedPrivateKey;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// A service provider of its own keys, registered with the login host, and what it sends and reads.
final class SamlSite {
    static final String ACS = "https://sp.example.com/acs";
    static final String SECOND_ACS = "https://sp.example.com/acs2";
    private static final SigningKey KEY = key("sp");

    final LoginHost host;
    final Application application;
    final String entityId;
    final PublicKey providerKey;
    private final SigningKey own = KEY;

    private SamlSite(LoginHost host, Application application, String entityId, PublicKey providerKey) {
        this.host = host;
        this.application = application;
        this.entityId = entityId;
        this.providerKey = providerKey;
    }

    static SamlSite register(LoginHost host, String name, UnaryOperator<SamlSignOn> change) {
        Application application = host.application(host.contoso, name, List.of(), Optional.empty(), false, false);
        String entityId = "https://" + name + ".example.com/metadata";
        SamlSignOn settings = new SamlSignOn(
                host.contoso.id(),
                application.appId(),
                SignOnMode.SAML,
                List.of(entityId),
                List.of(new ReplyUrl(ACS, OptionalInt.of(0), true), new ReplyUrl(SECOND_ACS, OptionalInt.of(7), false)),
                Optional.empty(),
                Optional.empty(),
                Optional.of("https://" + name + ".example.com/slo"),
                SamlSignOn.Signing.DEFAULT,
                SamlSignOn.Requests.DEFAULT,
                SamlSignOn.Encryption.NONE,
                List.of(),
                ClaimsPolicy.DEFAULT);
        SigningKey provider = key("provider");
        host.store.write(s -> {
            s.samlSignOns().put(change.apply(settings));
            s.samlCertificates().insert(certificate(host, application, provider, true));
            return settings;
        });
        return new SamlSite(host, application, entityId, provider.certificate().getPublicKey());
    }

    static SamlCertificate certificate(LoginHost host, Application application, SigningKey key, boolean active) {
        String id = UUID.randomUUID().toString();
        Instant now = host.clock.instant();
        return new SamlCertificate(
                application.tenant(),
                application.appId(),
                id,
                "test",
                "00",
                base64(key),
                SealedPrivateKey.seal(host.samlKeys, id, key.key()),
                active,
                now.minusSeconds(60),
                now.plus(Duration.ofDays(1095)),
                now);
    }

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

    static String base64(SigningKey key) {
        try {
            return Base64.getEncoder().encodeToString(key.certificate().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Settings that differ from the usual in how requests are proved.
    static SamlSignOn requiringSignatures(SamlSignOn s) {
        return new SamlSignOn(
                s.tenant(),
                s.application(),
                s.mode(),
                s.identifiers(),
                s.replyUrls(),
                s.signOnUrl(),
                s.relayState(),
                s.logoutUrl(),
                s.signing(),
                new SamlSignOn.Requests(true, false, List.of(PartnerCertificate.parse("c", base64(KEY), "sp"))),
                s.encryption(),
                s.notificationAddresses(),
                s.claims());
    }

    static SamlSignOn withoutReplies(SamlSignOn s) {
        return new SamlSignOn(
                s.tenant(),
                s.application(),
                s.mode(),
                s.identifiers(),
                List.of(),
                s.signOnUrl(),
                s.relayState(),
                s.logoutUrl(),
                s.signing(),
                s.requests(),
                s.encryption(),
                s.notificationAddresses(),
                s.claims());
    }

    static SamlSignOn with(
            SamlSignOn s, SamlSignOn.Signing signing, SamlSignOn.Encryption encryption, ClaimsPolicy claims) {
        return new SamlSignOn(
                s.tenant(),
                s.application(),
                s.mode(),
                s.identifiers(),
                s.replyUrls(),
                s.signOnUrl(),
                Optional.of("https://sp.example.com/deep"),
                s.logoutUrl(),
                signing,
                s.requests(),
                encryption,
                s.notificationAddresses(),
                claims);
    }

    static SigningKey ownKey() {
        return KEY;
    }

    XmlSigner signer() {
        return new XmlSigner(own, SignatureAlgorithm.RSA_SHA256);
    }

    AuthnRequest request() {
        return AuthnRequest.of(Header.of(host.clock.instant(), "https://login.example.com/", entityId), ACS);
    }

    /// A request by redirect.
    String link(AuthnRequest request, @Nullable XmlSigner signer) {
        return "/contoso/saml2?"
                + RedirectBinding.write("SAMLRequest", request.write(), Optional.of("state & <x>"), signer);
    }

    String link(AuthnRequest request) {
        return link(request, null);
    }

    /// The response in the page that posts it.
    static Element response(Browser.Answer page) throws RefusedMessage {
        return PostBinding.read(page.hidden().get("SAMLResponse"));
    }

    /// Reads it as a strict service provider does.
    Assertion read(Browser.Answer page, Optional<String> request) throws RefusedMessage {
        return new ResponseReader(expectations(page.action(), request), (_, _, _) -> true)
                .read(response(page), host.clock.instant());
    }

    Expectations expectations(String reply, Optional<String> request) {
        return new Expectations(
                issuer(),
                List.of(providerKey),
                SignatureAlgorithm.STRONG,
                entityId,
                reply,
                request,
                request.isEmpty(),
                Duration.ZERO,
                List.of(own));
    }

    String issuer() {
        return "https://login.postern.localhost:8443/" + host.contoso.id() + "/";
    }

    /// Second-level status code and message of a response that refuses.
    static String status(Browser.Answer page) throws RefusedMessage {
        Element status = Elements.required(response(page), SamlNames.PROTOCOL, "Status");
        Element code = Elements.required(status, SamlNames.PROTOCOL, "StatusCode");
        String second =
                Elements.required(code, SamlNames.PROTOCOL, "StatusCode").getAttribute("Value");
        return second.substring(second.lastIndexOf(':') + 1) + " "
                + Elements.text(Elements.required(status, SamlNames.PROTOCOL, "StatusMessage"));
    }
}

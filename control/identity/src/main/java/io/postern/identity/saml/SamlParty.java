package io.postern.identity.saml;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.signon.PartnerCertificate;
import io.postern.domain.signon.ReplyUrl;
import io.postern.domain.signon.SamlSignOn;
import io.postern.saml.Response;
import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.AssertionEncryption.DataCipher;
import io.postern.saml.xml.SignatureAlgorithm;
import io.postern.saml.xml.XmlVerifier;
import io.postern.store.ServicePrincipal;
import io.postern.store.Tenant;
import java.util.Optional;
import java.util.Set;

/// A service provider of a tenant, as its administrator set it up.
record SamlParty(Tenant tenant, SamlSignOn settings, ServicePrincipal principal) {
    AppId appId() {
        return settings.application();
    }

    String name() {
        return principal.displayName();
    }

    /// Verifies by the certificates that the administrator uploaded, and by nothing else.
    XmlVerifier verifier() {
        Set<SignatureAlgorithm> taken =
                settings.requests().allowSha1() ? SignatureAlgorithm.WITH_SHA1 : SignatureAlgorithm.STRONG;
        return new XmlVerifier(
                settings.requests().certificates().stream()
                        .map(PartnerCertificate::certificate)
                        .map(java.security.cert.X509Certificate::getPublicKey)
                        .toList(),
                taken);
    }

    boolean canVerify() {
        return !settings.requests().certificates().isEmpty();
    }

    Response.Signed signed() {
        return switch (settings.signing().option()) {
            case ASSERTION -> Response.Signed.ASSERTION;
            case RESPONSE -> Response.Signed.RESPONSE;
            case BOTH -> Response.Signed.BOTH;
        };
    }

    SignatureAlgorithm algorithm() {
        return switch (settings.signing().algorithm()) {
            case SHA256 -> SignatureAlgorithm.RSA_SHA256;
            case SHA1 -> SignatureAlgorithm.RSA_SHA1;
        };
    }

    Optional<AssertionEncryption> encryption() {
        return settings.encryption()
                .inUse()
                .map(c -> new AssertionEncryption(
                        c.certificate(), cipher(settings.encryption().algorithm())));
    }

    private static DataCipher cipher(SamlSignOn.Encryption.Algorithm algorithm) {
        return switch (algorithm) {
            case AES256_GCM -> DataCipher.AES256_GCM;
            case AES128_GCM -> DataCipher.AES128_GCM;
            case AES256_CBC -> DataCipher.AES256_CBC;
            case AES128_CBC -> DataCipher.AES128_CBC;
        };
    }

    /// The registered reply URL that is written like this, as user agents see it.
    Optional<String> reply(String url, ServiceAddress address) {
        return settings.replyUrls().stream()
                .map(registered -> address.follow(registered.url()))
                .filter(url::equals)
                .findFirst();
    }

    Optional<String> reply(int index, ServiceAddress address) {
        return settings.replyUrl(index).map(ReplyUrl::url).map(address::follow);
    }

    Optional<String> defaultReply(ServiceAddress address) {
        return settings.defaultReplyUrl().map(ReplyUrl::url).map(address::follow);
    }
}

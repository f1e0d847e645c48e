package io.postern.saml.xml;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import javax.xml.crypto.dsig.DigestMethod;

/// The signature algorithms we know. HMAC is not among them: a public certificate would be its secret.
public enum SignatureAlgorithm {
    RSA_SHA256("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "SHA256withRSA", DigestMethod.SHA256),
    RSA_SHA384("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "SHA384withRSA", DigestMethod.SHA384),
    RSA_SHA512("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "SHA512withRSA", DigestMethod.SHA512),
    /// Taken and made only where an administrator chose it for an application.
    RSA_SHA1("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "SHA1withRSA", DigestMethod.SHA1);

    /// What is taken where nobody chose otherwise.
    public static final Set<SignatureAlgorithm> STRONG = Set.of(RSA_SHA256, RSA_SHA384, RSA_SHA512);

    public static final Set<SignatureAlgorithm> WITH_SHA1 = Set.of(values());

    private final String uri;
    private final String jca;
    private final String digest;

    SignatureAlgorithm(String uri, String jca, String digest) {
        this.uri = uri;
        this.jca = jca;
        this.digest = digest;
    }

    public String uri() {
        return uri;
    }

    /// The name for `java.security.Signature`.
    public String jca() {
        return jca;
    }

    /// URI of the digest of the same strength.
    public String digest() {
        return digest;
    }

    public static Optional<SignatureAlgorithm> of(String uri) {
        return Arrays.stream(values()).filter(a -> a.uri.equals(uri)).findFirst();
    }
}

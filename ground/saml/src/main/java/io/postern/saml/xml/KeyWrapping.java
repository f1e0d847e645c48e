package io.postern.saml.xml;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.w3c.dom.Element;

/// How a message's key was wrapped for ours: RSA-OAEP with the digests that XML Encryption 1.1 §5.5.2 names.
/// RSA 1.5 tells of its padding and is not taken.
record KeyWrapping(String digest, String maskDigest) {
    private static final Map<String, String> DIGESTS = Map.of(
            AssertionEncryption.DSIG + "sha1",
            "SHA-1",
            AssertionEncryption.XENC + "sha256",
            "SHA-256",
            "http://www.w3.org/2001/04/xmldsig-more#sha384",
            "SHA-384",
            AssertionEncryption.XENC + "sha512",
            "SHA-512");
    private static final Map<String, String> MASKS = Map.of(
            AssertionEncryption.XENC11 + "mgf1sha1", "SHA-1",
            AssertionEncryption.XENC11 + "mgf1sha256", "SHA-256",
            AssertionEncryption.XENC11 + "mgf1sha384", "SHA-384",
            AssertionEncryption.XENC11 + "mgf1sha512", "SHA-512");

    /// @param method xenc:EncryptionMethod of the wrapped key
    static KeyWrapping read(Element method) throws RefusedMessage {
        String algorithm = Elements.requiredAttribute(method, "Algorithm");
        boolean older = algorithm.equals(AssertionEncryption.RSA_OAEP_MGF1P);
        if (!older && !algorithm.equals(AssertionEncryption.RSA_OAEP)) {
            throw new RefusedMessage(Refusal.CIPHER, algorithm);
        }
        if (Elements.child(method, AssertionEncryption.XENC, "OAEPparams").isPresent()) {
            throw new RefusedMessage(Refusal.CIPHER, "OAEPparams");
        }
        Optional<Element> mask = Elements.child(method, AssertionEncryption.XENC11, "MGF");
        return new KeyWrapping(
                named(DIGESTS, Elements.child(method, AssertionEncryption.DSIG, "DigestMethod")),
                older ? "SHA-1" : named(MASKS, mask));
    }

    private static String named(Map<String, String> known, Optional<Element> element) throws RefusedMessage {
        if (element.isEmpty()) {
            return "SHA-1"; // the default of both
        }
        String uri = Elements.requiredAttribute(element.get(), "Algorithm");
        String name = known.get(uri);
        if (name == null) {
            throw new RefusedMessage(Refusal.CIPHER, uri);
        }
        return name;
    }

    SecretKey open(byte[] wrapped, PrivateKey own) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(
                Cipher.UNWRAP_MODE,
                own,
                new OAEPParameterSpec(digest, "MGF1", new MGF1ParameterSpec(maskDigest), PSource.PSpecified.DEFAULT));
        return (SecretKey) cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
    }
}

package io.postern.saml.xml;

import io.postern.saml.xml.AssertionEncryption.DataCipher;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.w3c.dom.Element;

/// Opens encrypted assertions. Only AES-256-GCM and RSA-OAEP are taken: both notice changes by themselves, so
/// no answer of ours tells an attacker anything about a padding.
public final class AssertionDecryption {
    private static final String XENC = AssertionEncryption.XENC;

    private AssertionDecryption() {}

    /// @param encrypted saml:EncryptedAssertion
    /// @param keys ours, the newest first
    /// @return the assertion, in a document of its own
    public static Element decrypt(Element encrypted, List<SigningKey> keys) throws RefusedMessage {
        Element data = Elements.required(encrypted, XENC, "EncryptedData");
        String method = algorithm(data);
        if (!method.equals(DataCipher.AES256_GCM.uri())) {
            throw new RefusedMessage(Refusal.CIPHER, method);
        }
        Element wrapped = wrappedKey(encrypted, data);
        String wrapping = algorithm(wrapped);
        if (!wrapping.equals(AssertionEncryption.RSA_OAEP_MGF1P)) {
            throw new RefusedMessage(Refusal.CIPHER, wrapping);
        }
        byte[] key = value(wrapped);
        byte[] body = value(data);
        for (SigningKey own : keys) {
            Optional<byte[]> plain = open(own, key, body);
            if (plain.isPresent()) {
                return SafeXml.parse(plain.get(), Limits.MESSAGE);
            }
        }
        throw new RefusedMessage(Refusal.UNDECIPHERABLE);
    }

    /// In the data's KeyInfo, or beside the data as some write it.
    private static Element wrappedKey(Element encrypted, Element data) throws RefusedMessage {
        Optional<Element> info = Elements.child(data, AssertionEncryption.DSIG, "KeyInfo");
        Optional<Element> inside = info.isPresent() ? Elements.child(info.get(), XENC, "EncryptedKey") : info;
        return inside.isPresent() ? inside.get() : Elements.required(encrypted, XENC, "EncryptedKey");
    }

    private static Optional<byte[]> open(SigningKey own, byte[] wrapped, byte[] body) {
        int iv = DataCipher.AES256_GCM.ivOctets();
        if (body.length <= iv) {
            return Optional.empty();
        }
        try {
            Cipher unwrap = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            unwrap.init(Cipher.UNWRAP_MODE, own.key());
            SecretKey key = (SecretKey) unwrap.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
            return Optional.of(DataCipher.AES256_GCM
                    .cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(body, iv))
                    .doFinal(body, iv, body.length - iv));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // another key's, or changed
        }
    }

    private static String algorithm(Element of) throws RefusedMessage {
        return Elements.requiredAttribute(Elements.required(of, XENC, "EncryptionMethod"), "Algorithm");
    }

    private static byte[] value(Element of) throws RefusedMessage {
        Element data = Elements.required(of, XENC, "CipherData");
        String text = Elements.text(Elements.required(data, XENC, "CipherValue"));
        try {
            return Base64.getMimeDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new RefusedMessage(Refusal.NOT_BASE64, "CipherValue");
        }
    }
}

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

/// Opens encrypted assertions: by AES-GCM and RSA-OAEP, which notice changes by themselves, so that no answer
/// of ours tells an attacker anything about a padding. CBC notices nothing: it is opened only where the
/// provider's signature covers the cipher text and was verified, so that nobody else chooses what we open.
public final class AssertionDecryption {
    private static final String XENC = AssertionEncryption.XENC;

    private AssertionDecryption() {}

    /// @param encrypted saml:EncryptedAssertion
    /// @param keys ours, the newest first
    /// @param vouchedFor the element is what a verified signature covers
    /// @return the assertion, in a document of its own
    public static Element decrypt(Element encrypted, List<SigningKey> keys, boolean vouchedFor) throws RefusedMessage {
        Element data = Elements.required(encrypted, XENC, "EncryptedData");
        String method = Elements.requiredAttribute(method(data), "Algorithm");
        DataCipher cipher = DataCipher.of(method)
                .filter(c -> c.authenticates() || vouchedFor)
                .orElseThrow(() -> new RefusedMessage(Refusal.CIPHER, method));
        Element wrapped = wrappedKey(encrypted, data);
        KeyWrapping wrapping = KeyWrapping.read(method(wrapped));
        byte[] key = value(wrapped);
        byte[] body = value(data);
        for (SigningKey own : keys) {
            Optional<byte[]> plain = open(own, cipher, wrapping, key, body);
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

    private static Optional<byte[]> open(
            SigningKey own, DataCipher cipher, KeyWrapping wrapping, byte[] wrapped, byte[] body) {
        int iv = cipher.ivOctets();
        if (body.length <= iv) {
            return Optional.empty();
        }
        try {
            SecretKey key = wrapping.open(wrapped, own.key());
            byte[] octets = key.getEncoded();
            if (octets == null || octets.length * 8 != cipher.keyBits()) {
                return Optional.empty();
            }
            return Optional.of(cipher.cipher(Cipher.DECRYPT_MODE, key, Arrays.copyOf(body, iv))
                    .doFinal(body, iv, body.length - iv));
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // another key's, or changed
        }
    }

    private static Element method(Element of) throws RefusedMessage {
        return Elements.required(of, XENC, "EncryptionMethod");
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

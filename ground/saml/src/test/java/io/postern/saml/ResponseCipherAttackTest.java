package io.postern.saml;

import io.postern.saml.xml.AssertionEncryption;
import io.postern.saml.xml.AssertionEncryption.DataCipher;
import io.postern.saml.xml.Refusal;
import io.postern.saml.xml.RefusedMessage;
import io.postern.saml.xml.SigningKey;
import java.util.Base64;
import org.w3c.dom.Element;

/// Attacks on encrypted assertions.
final class ResponseCipherAttackTest extends ResponseAttacks {
    @Override
    void attacks() {
        ciphers();
    }

    private void ciphers() {
        row(
                "encrypted for somebody else",
                Refusal.UNDECIPHERABLE,
                () -> encrypted(Site.ATTACKER, DataCipher.AES256_GCM));
        row("a cipher that tells of its padding", Refusal.CIPHER, () -> encrypted(Site.SERVICE, DataCipher.AES256_CBC));
        row("one of 128 bits too", Refusal.CIPHER, () -> encrypted(Site.SERVICE, DataCipher.AES128_CBC));
        row("a digest that is none", Refusal.CIPHER, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES256_GCM));
            ((Element) forgery.the("EncryptedKey").getFirstChild().getFirstChild())
                    .setAttributeNS(null, "Algorithm", "http://www.w3.org/2001/04/xmldsig-more#md5");
            return forgery.field();
        });
        row("a key of another length", Refusal.UNDECIPHERABLE, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES128_GCM));
            ((Element) forgery.the("EncryptedData").getFirstChild())
                    .setAttributeNS(null, "Algorithm", DataCipher.AES256_GCM.uri());
            return forgery.field();
        });
        row("CBC whose signed response was changed", Refusal.BAD_SIGNATURE, () -> {
            Element response = Site.response(Site.assertion())
                    .write(
                            SIGNER,
                            Response.Signed.RESPONSE,
                            new AssertionEncryption(Site.SERVICE.certificate(), DataCipher.AES256_CBC));
            var forgery = new Forgery(response);
            Element value =
                    (Element) forgery.the("EncryptedData").getLastChild().getFirstChild();
            byte[] octets = Base64.getDecoder().decode(value.getTextContent());
            octets[40] ^= 1;
            value.setTextContent(Base64.getEncoder().encodeToString(octets));
            return forgery.field();
        });
        row("CBC of which only the assertion is signed, in a response that lost its signature", Refusal.CIPHER, () -> {
            Element response = Site.response(Site.assertion())
                    .write(
                            SIGNER,
                            Response.Signed.RESPONSE,
                            new AssertionEncryption(Site.SERVICE.certificate(), DataCipher.AES256_CBC));
            var forgery = new Forgery(response);
            forgery.unsign(response);
            return forgery.field();
        });
        row("a changed cipher text", Refusal.UNDECIPHERABLE, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES256_GCM));
            Element value =
                    (Element) forgery.the("EncryptedData").getLastChild().getFirstChild();
            byte[] octets = Base64.getDecoder().decode(value.getTextContent());
            octets[40] ^= 1;
            value.setTextContent(Base64.getEncoder().encodeToString(octets));
            return forgery.field();
        });
        row("RSA without OAEP", Refusal.CIPHER, () -> {
            var forgery = forgeryOf(encrypted(Site.SERVICE, DataCipher.AES256_GCM));
            ((Element) forgery.the("EncryptedKey").getFirstChild())
                    .setAttributeNS(null, "Algorithm", "http://www.w3.org/2001/04/xmlenc#rsa-1_5");
            return forgery.field();
        });
        row("encrypted and never signed", Refusal.UNSIGNED, () -> {
            Element response = Site.response(Site.assertion())
                    .write(
                            SIGNER,
                            Response.Signed.RESPONSE,
                            new AssertionEncryption(Site.SERVICE.certificate(), DataCipher.AES256_GCM));
            var forgery = new Forgery(response);
            forgery.unsign(response);
            return forgery.field();
        });
    }

    private static String encrypted(SigningKey to, DataCipher cipher) {
        return PostBinding.write(Site.response(Site.assertion())
                .write(SIGNER, Response.Signed.ASSERTION, new AssertionEncryption(to.certificate(), cipher)));
    }

    private static Forgery forgeryOf(String field) throws RefusedMessage {
        return new Forgery(PostBinding.read(field));
    }
}

package io.postern.saml.xml;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.w3c.dom.Element;

/// Encrypts elements for the holder of a certificate's key (XML Encryption 1.1): a fresh AES key for each
/// element, wrapped by RSA-OAEP. The ciphers are the JDK's; here is only the XML around them (why no library:
/// docs/decisions/2026-11-22-saml-on-the-jdk.md). Thread-safe.
public final class AssertionEncryption {
    static final String XENC = "http://www.w3.org/2001/04/xmlenc#";
    static final String XENC11 = "http://www.w3.org/2009/xmlenc11#";
    static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";
    public static final String RSA_OAEP_MGF1P = XENC + "rsa-oaep-mgf1p";
    public static final String RSA_OAEP = XENC11 + "rsa-oaep";
    private static final SecureRandom RANDOM = new SecureRandom();

    /// How the element itself is encrypted.
    public enum DataCipher {
        /// Notices changes; what service providers of this decade take.
        AES256_GCM(XENC11 + "aes256-gcm", true, 256),
        AES128_GCM(XENC11 + "aes128-gcm", true, 128),
        /// What the original uses, for older service providers. The signature inside notices changes.
        AES256_CBC(XENC + "aes256-cbc", false, 256),
        AES128_CBC(XENC + "aes128-cbc", false, 128);

        private final String uri;
        private final boolean authenticates;
        private final int keyBits;

        DataCipher(String uri, boolean authenticates, int keyBits) {
            this.uri = uri;
            this.authenticates = authenticates;
            this.keyBits = keyBits;
        }

        public String uri() {
            return uri;
        }

        static Optional<DataCipher> of(String uri) {
            return List.of(values()).stream().filter(c -> c.uri.equals(uri)).findFirst();
        }

        /// Whether a change shows by itself, before anything is read.
        boolean authenticates() {
            return authenticates;
        }

        int keyBits() {
            return keyBits;
        }

        int ivOctets() {
            return authenticates ? 12 : 16;
        }

        SecretKey key() throws GeneralSecurityException {
            KeyGenerator generator = KeyGenerator.getInstance("AES");
            generator.init(keyBits);
            return generator.generateKey();
        }

        Cipher cipher(int mode, SecretKey key, byte[] iv) throws GeneralSecurityException {
            Cipher cipher = Cipher.getInstance(authenticates ? "AES/GCM/NoPadding" : "AES/CBC/ISO10126Padding");
            cipher.init(mode, key, authenticates ? new GCMParameterSpec(128, iv) : new IvParameterSpec(iv));
            return cipher;
        }
    }

    private final X509Certificate recipient;
    private final DataCipher dataCipher;

    public AssertionEncryption(X509Certificate recipient, DataCipher dataCipher) {
        this.recipient = recipient;
        this.dataCipher = dataCipher;
    }

    /// @return xenc:EncryptedData in a document of its own
    public Element encrypt(Element element) {
        byte[] plain = Markup.write(element).getBytes(StandardCharsets.UTF_8);
        Markup data = Markup.root(XENC, "xenc:EncryptedData").attribute("Type", XENC + "Element");
        data.child(XENC, "xenc:EncryptionMethod").attribute("Algorithm", dataCipher.uri());
        try {
            SecretKey key = dataCipher.key();
            byte[] iv = new byte[dataCipher.ivOctets()];
            RANDOM.nextBytes(iv);
            byte[] body = dataCipher.cipher(Cipher.ENCRYPT_MODE, key, iv).doFinal(plain);
            byte[] whole = new byte[iv.length + body.length];
            System.arraycopy(iv, 0, whole, 0, iv.length);
            System.arraycopy(body, 0, whole, iv.length, body.length);
            // OAEP as the identifier says: SHA-1 inside, where its collisions do not matter
            Cipher wrap = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
            wrap.init(Cipher.WRAP_MODE, recipient.getPublicKey());
            writeKey(data, wrap.wrap(key));
            cipherValue(data, whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt for " + recipient.getSubjectX500Principal(), e);
        }
        return data.element();
    }

    private void writeKey(Markup data, byte[] wrapped) throws GeneralSecurityException {
        Markup key = data.child(DSIG, "ds:KeyInfo").child(XENC, "xenc:EncryptedKey");
        key.child(XENC, "xenc:EncryptionMethod")
                .attribute("Algorithm", RSA_OAEP_MGF1P)
                .child(DSIG, "ds:DigestMethod")
                .attribute("Algorithm", DSIG + "sha1");
        key.child(DSIG, "ds:KeyInfo")
                .child(DSIG, "ds:X509Data")
                .child(DSIG, "ds:X509Certificate")
                .text(Base64.getEncoder().encodeToString(recipient.getEncoded()));
        cipherValue(key, wrapped);
    }

    private static void cipherValue(Markup parent, byte[] octets) {
        parent.child(XENC, "xenc:CipherData")
                .child(XENC, "xenc:CipherValue")
                .text(Base64.getEncoder().encodeToString(octets));
    }
}

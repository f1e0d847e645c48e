package io.postern.connector.serve;

import io.postern.connector.enroll.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate with its key, to show to backends that ask for one. Read from a file of the connector's host.
///
/// @param chain leaf first
public record ClientCertificate(PrivateKey key, List<X509Certificate> chain) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final int DER_SEQUENCE = 0x30;

    public ClientCertificate {
        chain = List.copyOf(chain);
    }

    /// @param file PEM with certificates and a key in PKCS #8, or PFX (PKCS #12)
    /// @param passwordFile of a PFX
    /// @throws IllegalArgumentException that says what is wrong with which file, and holds no secret
    public static ClientCertificate read(Path file, Optional<Path> passwordFile) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return bytes.length > 0 && bytes[0] == DER_SEQUENCE
                    ? pfx(bytes, passwordFile)
                    : pem(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "'" + file + "' cannot be used: it cannot be read, or its password is another", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("'" + file + "' cannot be used: " + e.getMessage(), e);
        }
    }

    private static ClientCertificate pfx(byte[] bytes, Optional<Path> passwordFile)
            throws IOException, GeneralSecurityException {
        char[] password = passwordFile.isEmpty()
                ? new char[0]
                : Files.readString(passwordFile.get()).strip().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(new ByteArrayInputStream(bytes), password);
        for (String alias : Collections.list(store.aliases())) {
            if (store.getKey(alias, password) instanceof PrivateKey key) {
                return new ClientCertificate(
                        key,
                        Arrays.stream(store.getCertificateChain(alias))
                                .map(X509Certificate.class::cast)
                                .toList());
            }
        }
        throw new GeneralSecurityException("it holds no private key");
    }

    private static ClientCertificate pem(String text) throws GeneralSecurityException {
        Matcher found = KEY.matcher(text);
        if (!found.find()) {
            throw new GeneralSecurityException("it holds no key in PKCS #8 ('BEGIN PRIVATE KEY'); convert it by"
                    + " 'openssl pkcs8 -topk8 -nodes'");
        }
        String base64 = found.group(1);
        List<X509Certificate> chain = Pem.certificates(found.replaceAll(""));
        Certificate leaf = chain.getFirst();
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return new ClientCertificate(
                    KeyFactory.getInstance(leaf.getPublicKey().getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(der)),
                    chain);
        } catch (IllegalArgumentException | InvalidKeySpecException e) {
            throw new GeneralSecurityException("its key is damaged, or not that of its first certificate", e);
        }
    }
}

package io.postern.run.connector.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// Ed25519 keys (RFC 8032) in PEM files, the forms that `openssl genpkey -algorithm ed25519` and `openssl pkey
/// -pubout` write.
public final class ReleaseKeys {
    private static final String ALGORITHM = "Ed25519";
    private static final int FILE_BYTES_MAX = 4_096;

    private ReleaseKeys() {}

    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java since 15 has Ed25519", e);
        }
    }

    /// Writes a file that only its owner can read; never over another.
    public static void write(Path file, PrivateKey key) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, pem("PRIVATE KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new ReleaseFault(
                    "the private key cannot be written to " + file + " (" + e + "); give another place", e);
        }
    }

    public static void write(Path file, PublicKey key) {
        try {
            Files.writeString(file, pem("PUBLIC KEY", key.getEncoded()));
        } catch (IOException e) {
            throw new ReleaseFault(
                    "the public key cannot be written to " + file + " (" + e + "); give another place", e);
        }
    }

    public static PrivateKey privateKey(Path file) {
        try {
            return KeyFactory.getInstance(ALGORITHM)
                    .generatePrivate(new PKCS8EncodedKeySpec(read(file, "PRIVATE KEY")));
        } catch (GeneralSecurityException e) {
            throw new ReleaseFault(file + " holds no Ed25519 private key; make one with 'postern release keygen'", e);
        }
    }

    public static PublicKey publicKey(Path file) {
        try {
            return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(read(file, "PUBLIC KEY")));
        } catch (GeneralSecurityException e) {
            throw new ReleaseFault(
                    file + " holds no Ed25519 public key; 'postern release keygen' writes one beside the private key",
                    e);
        }
    }

    private static byte[] read(Path file, String kind) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ReleaseFault(file + " is too large for a key; give the PEM file of an Ed25519 key");
            }
            String begin = "-----BEGIN " + kind + "-----";
            String end = "-----END " + kind + "-----";
            String text = Files.readString(file).strip();
            if (!text.startsWith(begin) || !text.endsWith(end)) {
                throw new ReleaseFault(file + " is no PEM file with a " + kind.toLowerCase(java.util.Locale.ROOT));
            }
            return Base64.getMimeDecoder().decode(text.substring(begin.length(), text.length() - end.length()));
        } catch (IOException | IllegalArgumentException e) {
            throw new ReleaseFault("the key " + file + " cannot be read (" + e + ")", e);
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + kind + "-----\n";
    }
}

package io.postern.base;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// The single-use token with which a connector registers (REG-1 to REG-3): a random secret and the
/// SHA-256 fingerprint of the connectors' certificate authority, so that the connector knows the
/// service before it trusts it. Text form: `pct1.<secret>.<fingerprint>`.
///
/// @param secret 32 random bytes, base64url without padding
/// @param caFingerprint SHA-256 of the authority's certificate in DER, lower-case hex
public record EnrollmentToken(String secret, String caFingerprint) {
    private static final String PREFIX = "pct1";
    private static final SecureRandom RANDOM = new SecureRandom();

    public EnrollmentToken {
        if (!secret.matches("[A-Za-z0-9_-]{43}") || !caFingerprint.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "this is not a connector token; mint one with 'postern connector token'");
        }
    }

    public static EnrollmentToken create(byte[] caCertificateDer) {
        byte[] secret = new byte[32];
        RANDOM.nextBytes(secret);
        return new EnrollmentToken(
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret), fingerprint(caCertificateDer));
    }

    /// @throws IllegalArgumentException without repeating the text, since it may be half a secret
    public static EnrollmentToken parse(String text) {
        String[] parts = text.strip().split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals(PREFIX)) {
            throw new IllegalArgumentException(
                    "this is not a connector token; mint one with 'postern connector token'");
        }
        return new EnrollmentToken(parts[1], parts[2]);
    }

    /// What the service keeps: the token's secret is never stored.
    public String secretHash() {
        return sha256(secret.getBytes(StandardCharsets.US_ASCII));
    }

    public static String fingerprint(byte[] der) {
        return sha256(der);
    }

    /// For the one moment when it is shown or sent.
    public String reveal() {
        return PREFIX + "." + secret + "." + caFingerprint;
    }

    @Override
    public String toString() {
        return "EnrollmentToken[redacted]";
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

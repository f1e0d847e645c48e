package io.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.X509CertUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// The signed statement by which a client proves that it holds a private key (RFC 7523 §3, `private_key_jwt`).
///
/// @param id `jti`: takes part in one proof only
/// @param expires until when the id must be remembered
public record ClientAssertion(String clientId, String id, Instant expires) {
    /// How far ahead a statement may expire.
    public static final Duration LIFETIME_MAX = Duration.ofMinutes(10);

    private static final Set<JWSAlgorithm> RSA = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256);
    private static final Set<JWSAlgorithm> EC = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.ES384);
    private static final int LENGTH_MAX = 16_384;

    /// What came of a check.
    public sealed interface Result {
        record Valid(ClientAssertion assertion) implements Result {}

        /// @param why for the client's developer
        record Refused(String why) implements Result {}
    }

    /// Who claims to speak; nothing is verified. Empty text when the statement does not say.
    public static String claimedClient(String jwt) {
        try {
            String subject = jwt.length() > LENGTH_MAX
                    ? null
                    : SignedJWT.parse(jwt).getJWTClaimsSet().getSubject();
            return subject == null ? "" : subject;
        } catch (ParseException e) {
            return "";
        }
    }

    /// @param certificates of the client, DER; those in force
    /// @param audiences our names: the token endpoint, the issuer
    public static Result verify(
            String jwt, String clientId, List<byte[]> certificates, Set<String> audiences, Instant now) {
        if (jwt.length() > LENGTH_MAX) {
            return new Result.Refused("it is longer than 16 KiB");
        }
        try {
            SignedJWT signed = SignedJWT.parse(jwt);
            boolean holds = false;
            for (byte[] der : certificates) {
                X509Certificate certificate = X509CertUtils.parse(der);
                holds |= certificate != null && isSignedBy(signed, certificate.getPublicKey());
            }
            return holds
                    ? claims(signed.getJWTClaimsSet(), clientId, audiences, now)
                    : new Result.Refused("no certificate of the client verifies its signature with RS256, PS256,"
                            + " ES256 or ES384");
        } catch (ParseException | JOSEException | IllegalStateException e) {
            return new Result.Refused("it is no signed token");
        }
    }

    /// The algorithm must be one of the key's kind: a public key is never a shared secret.
    private static boolean isSignedBy(SignedJWT jwt, PublicKey key) throws JOSEException {
        JWSHeader header = jwt.getHeader();
        JWSVerifier verifier;
        if (key instanceof RSAPublicKey rsa && RSA.contains(header.getAlgorithm())) {
            verifier = new RSASSAVerifier(rsa);
        } else if (key instanceof ECPublicKey ec && EC.contains(header.getAlgorithm())) {
            verifier = new ECDSAVerifier(ec);
            if (!verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())) {
                return false;
            }
        } else {
            return false;
        }
        return jwt.verify(verifier);
    }

    private static Result claims(JWTClaimsSet claims, String clientId, Set<String> audiences, Instant now) {
        if (!clientId.equals(claims.getIssuer()) || !clientId.equals(claims.getSubject())) {
            return new Result.Refused("iss and sub must be the client_id");
        }
        if (claims.getAudience().size() != 1
                || !audiences.contains(claims.getAudience().getFirst())) {
            return new Result.Refused("aud must be the token endpoint or the issuer, alone");
        }
        if (claims.getExpirationTime() == null
                || !now.isBefore(claims.getExpirationTime().toInstant().plus(JwtVerifier.SKEW))) {
            return new Result.Refused("it expired, or has no exp");
        }
        Instant expires = claims.getExpirationTime().toInstant();
        if (expires.isAfter(now.plus(LIFETIME_MAX).plus(JwtVerifier.SKEW))) {
            return new Result.Refused("it expires in more than ten minutes");
        }
        if (claims.getNotBeforeTime() != null
                && now.plus(JwtVerifier.SKEW).isBefore(claims.getNotBeforeTime().toInstant())) {
            return new Result.Refused("it is not valid yet");
        }
        String id = claims.getJWTID();
        return id == null || id.isBlank() || id.length() > 256
                ? new Result.Refused("it has no jti of 1 to 256 characters")
                : new Result.Valid(new ClientAssertion(clientId, id, expires.plus(JwtVerifier.SKEW)));
    }
}

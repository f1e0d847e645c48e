package io.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Verifies our own tokens: RS256 only, key by `kid`, issuer bound to the key, audience, lifetime.
/// Everything else (no signature, other algorithms, unknown key, missing claims) is refused.
/// Immutable and thread-safe; one per snapshot.
public final class JwtVerifier {
    /// Tolerated difference of clocks (section 9 of the specification).
    public static final Duration SKEW = Duration.ofMinutes(5);

    /// @param issuer the only issuer that this key may speak for
    /// @param jwk public JWK as JSON
    public record TrustedKey(String keyId, String issuer, String jwk) {}

    public sealed interface Result {
        record Valid(Map<String, Object> claims) implements Result {
            public String text(String name) {
                return claims.get(name) instanceof String s ? s : "";
            }
        }

        /// @param why for our log; the client learns only that the token is invalid
        record Refused(String why) implements Result {}
    }

    private record Key(String issuer, JWSVerifier verifier) {}

    private final Map<String, Key> keys;

    public JwtVerifier(List<TrustedKey> trusted) {
        var map = new HashMap<String, Key>();
        for (TrustedKey key : trusted) {
            try {
                map.put(key.keyId(), new Key(key.issuer(), new RSASSAVerifier(RSAKey.parse(key.jwk()))));
            } catch (ParseException | JOSEException e) {
                throw new IllegalArgumentException("verification key " + key.keyId() + " is no RSA key", e);
            }
        }
        this.keys = Map.copyOf(map);
    }

    /// @param audiences the token's `aud` must name one of them
    public Result verify(String token, Set<String> audiences, Instant now) {
        return switch (signed(token)) {
            case Result.Refused refused -> refused;
            case Result.Valid valid -> current(valid, audiences, now);
        };
    }

    /// Signature, key and issuer alone: for tokens that say something about the past, such as `id_token_hint`.
    public Result verifySignature(String token) {
        return signed(token);
    }

    /// A text claim of a token that we made ourselves a moment ago; empty text when it has none.
    public static String unverified(String token, String claim) {
        try {
            String value = SignedJWT.parse(token).getJWTClaimsSet().getStringClaim(claim);
            return value == null ? "" : value;
        } catch (ParseException e) {
            return "";
        }
    }

    private static Result current(Result.Valid valid, Set<String> audiences, Instant now) {
        if (!(valid.claims().get("aud") instanceof List<?> named)
                || named.stream().noneMatch(audiences::contains)) {
            return new Result.Refused("audience " + valid.claims().get("aud"));
        }
        if (!(valid.claims().get("exp") instanceof Date expires)
                || !now.isBefore(expires.toInstant().plus(SKEW))) {
            return new Result.Refused("expired");
        }
        return valid.claims().get("nbf") instanceof Date begins
                        && now.plus(SKEW).isBefore(begins.toInstant())
                ? new Result.Refused("not valid yet")
                : valid;
    }

    private Result signed(String token) {
        if (token.length() > 16_384) {
            return new Result.Refused("token is longer than 16 KiB");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
                return new Result.Refused("algorithm " + jwt.getHeader().getAlgorithm());
            }
            Key key = jwt.getHeader().getKeyID() == null
                    ? null
                    : keys.get(jwt.getHeader().getKeyID());
            if (key == null) {
                return new Result.Refused("unknown key");
            }
            if (!jwt.verify(key.verifier())) {
                return new Result.Refused("signature does not match");
            }
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            if (!key.issuer().equals(claims.getIssuer())) {
                return new Result.Refused("issuer " + claims.getIssuer());
            }
            return new Result.Valid(claims.getClaims());
        } catch (ParseException | JOSEException | IllegalStateException e) {
            return new Result.Refused("not a signed token");
        }
    }
}

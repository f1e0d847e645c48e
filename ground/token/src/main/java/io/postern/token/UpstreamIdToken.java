package io.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ID token of an upstream (OpenID Connect Core §3.1.3.7): who signed in there, for us, now, as the answer
/// to the question that this browser asked.
public final class UpstreamIdToken {
    /// Asymmetric alone: nobody who only knows our client secret or a public key can make one.
    public static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    static final int LENGTH_MAX = 32_768;

    /// What came of a check.
    public sealed interface Result {
        /// @param values of each claim, as texts
        /// @param authenticated when the user proved who he is there; empty when it does not say
        record Valid(
                String subject,
                Map<String, List<String>> values,
                Set<String> methods,
                String context,
                Optional<Instant> authenticated)
                implements Result {
            public Valid {
                values = Map.copyOf(values);
                methods = Set.copyOf(methods);
            }
        }

        /// Signed with a key that is not among those that we know: they may have changed.
        record UnknownKey(String keyId) implements Result {}

        /// @param why for administrators; whoever signs in learns only that it failed
        record Refused(String why) implements Result {}
    }

    /// @param issuer to the letter
    /// @param nonce of the question
    /// @param keys JWKS as the issuer publishes it
    public static Result verify(String token, String issuer, String clientId, String nonce, String keys, Instant now) {
        if (token.length() > LENGTH_MAX) {
            return new Result.Refused("it is longer than 32 KiB");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
            if (!ALGORITHMS.contains(algorithm)) {
                return new Result.Refused("its algorithm is " + algorithm);
            }
            JWKSet known = JWKSet.parse(keys);
            if (new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader()))
                    .select(known)
                    .isEmpty()) {
                return new Result.UnknownKey(String.valueOf(jwt.getHeader().getKeyID()));
            }
            return claims(signed(jwt, known, JOSEObjectType.JWT, null), issuer, clientId, nonce, now);
        } catch (BadJOSEException | JOSEException e) {
            return new Result.Refused("its signature does not hold (" + e.getMessage() + ")");
        } catch (ParseException e) {
            return new Result.Refused("it is no signed token");
        }
    }

    /// Whether keys are a JWKS with at least one that could have signed.
    public static boolean areKeys(String keys) {
        try {
            return JWKSet.parse(keys).getKeys().stream()
                    .map(JWK::getKeyType)
                    .anyMatch(type -> type.equals(KeyType.RSA) || type.equals(KeyType.EC));
        } catch (ParseException e) {
            return false;
        }
    }

    private UpstreamIdToken() {}

    /// @param types what its `typ` may be; null for none
    static JWTClaimsSet signed(SignedJWT jwt, JWKSet keys, @Nullable JOSEObjectType... types)
            throws BadJOSEException, JOSEException {
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(types));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // below, with our clock
        return processor.process(jwt, null);
    }

    private static Result claims(JWTClaimsSet claims, String issuer, String clientId, String nonce, Instant now)
            throws ParseException {
        if (!issuer.equals(claims.getIssuer())) {
            return new Result.Refused("its issuer is '" + claims.getIssuer() + "'");
        }
        List<String> audience = claims.getAudience();
        if (!audience.contains(clientId)) {
            return new Result.Refused("it is for " + audience + ", not for our client id");
        }
        String authorized = claims.getStringClaim("azp");
        if (authorized == null ? audience.size() > 1 : !authorized.equals(clientId)) {
            return new Result.Refused("it was issued to '" + authorized + "' (azp), not to our client id");
        }
        Date expires = claims.getExpirationTime();
        if (expires == null || !now.isBefore(expires.toInstant().plus(JwtVerifier.SKEW))) {
            return new Result.Refused("it expired, or has no exp");
        }
        Date issued = claims.getIssueTime();
        if (issued == null || now.plus(JwtVerifier.SKEW).isBefore(issued.toInstant())) {
            return new Result.Refused("it is from the future, or has no iat; are the clocks right?");
        }
        Date begins = claims.getNotBeforeTime();
        if (begins != null && now.plus(JwtVerifier.SKEW).isBefore(begins.toInstant())) {
            return new Result.Refused("it is not valid yet; are the clocks right?");
        }
        if (!nonce.equals(claims.getStringClaim("nonce"))) {
            return new Result.Refused("its nonce is not that of this sign-in");
        }
        String subject = claims.getSubject();
        if (subject == null || subject.isBlank()) {
            return new Result.Refused("it names no subject");
        }
        Date authenticated = claims.getDateClaim("auth_time");
        String context = claims.getClaim("acr") instanceof String acr ? acr : "";
        return new Result.Valid(
                subject,
                texts(claims.getClaims()),
                claims.getClaim("amr") instanceof List<?> ? Set.copyOf(claims.getStringListClaim("amr")) : Set.of(),
                context,
                Optional.ofNullable(authenticated).map(Date::toInstant));
    }

    /// Texts, numbers and truth values, and lists of them; what has a deeper shape is left out.
    public static Map<String, List<String>> texts(Map<String, Object> claims) {
        var all = new LinkedHashMap<String, List<String>>();
        claims.forEach((name, value) -> {
            var texts = new ArrayList<String>();
            for (Object one : value instanceof List<?> several ? several : List.of(value == null ? "" : value)) {
                if (one instanceof String || one instanceof Number || one instanceof Boolean) {
                    texts.add(one.toString());
                }
            }
            all.put(name, List.copyOf(texts));
        });
        return all;
    }
}

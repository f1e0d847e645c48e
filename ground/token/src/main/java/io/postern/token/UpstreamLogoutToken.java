package io.postern.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/// The logout token of an upstream (OpenID Connect Back-Channel Logout §2.6): a session there has ended.
public final class UpstreamLogoutToken {
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final JOSEObjectType LOGOUT = new JOSEObjectType("logout+jwt");

    /// What came of a check.
    public sealed interface Result {
        /// @param id counts once
        /// @param subject whose session; all of his where no session is named. One of both is there
        record Valid(String id, Optional<String> subject, Optional<String> session, Instant expires)
                implements Result {}

        /// Signed with a key that is not among those that we know: they may have changed.
        record UnknownKey(String keyId) implements Result {}

        record Refused(String why) implements Result {}
    }

    private UpstreamLogoutToken() {}

    /// @param issuer to the letter
    /// @param keys JWKS as the issuer publishes it
    public static Result verify(String token, String issuer, String clientId, String keys, Instant now) {
        if (token.length() > UpstreamIdToken.LENGTH_MAX) {
            return new Result.Refused("it is longer than 32 KiB");
        }
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            JWSAlgorithm algorithm = jwt.getHeader().getAlgorithm();
            if (!UpstreamIdToken.ALGORITHMS.contains(algorithm)) {
                return new Result.Refused("its algorithm is " + algorithm);
            }
            JWKSet known = JWKSet.parse(keys);
            if (new JWKSelector(JWKMatcher.forJWSHeader(jwt.getHeader()))
                    .select(known)
                    .isEmpty()) {
                return new Result.UnknownKey(String.valueOf(jwt.getHeader().getKeyID()));
            }
            // not every provider gives it a type of its own, which is only recommended
            return claims(UpstreamIdToken.signed(jwt, known, LOGOUT, JOSEObjectType.JWT, null), issuer, clientId, now);
        } catch (BadJOSEException | JOSEException e) {
            return new Result.Refused("its signature does not hold (" + e.getMessage() + ")");
        } catch (ParseException e) {
            return new Result.Refused("it is no signed token");
        }
    }

    private static Result claims(JWTClaimsSet claims, String issuer, String clientId, Instant now)
            throws ParseException {
        if (!issuer.equals(claims.getIssuer())) {
            return new Result.Refused("its issuer is '" + claims.getIssuer() + "'");
        }
        if (!claims.getAudience().contains(clientId)) {
            return new Result.Refused("it is for " + claims.getAudience() + ", not for our client id");
        }
        Date expires = claims.getExpirationTime();
        if (expires == null || !now.isBefore(expires.toInstant().plus(JwtVerifier.SKEW))) {
            return new Result.Refused("it expired, or has no exp");
        }
        Date issued = claims.getIssueTime();
        if (issued == null || now.plus(JwtVerifier.SKEW).isBefore(issued.toInstant())) {
            return new Result.Refused("it is from the future, or has no iat; are the clocks right?");
        }
        if (!(claims.getClaim("events") instanceof Map<?, ?> events) || !(events.get(EVENT) instanceof Map<?, ?>)) {
            return new Result.Refused("its events do not name a logout");
        }
        if (claims.getClaim("nonce") != null) {
            return new Result.Refused("it has a nonce, so it may be an ID token");
        }
        String id = claims.getJWTID();
        if (id == null || id.isBlank()) {
            return new Result.Refused("it has no jti");
        }
        Optional<String> subject = Optional.ofNullable(claims.getSubject()).filter(text -> !text.isBlank());
        Optional<String> session =
                Optional.ofNullable(claims.getStringClaim("sid")).filter(text -> !text.isBlank());
        return subject.isEmpty() && session.isEmpty()
                ? new Result.Refused("it names neither a subject nor a session")
                : new Result.Valid(id, subject, session, expires.toInstant().plus(JwtVerifier.SKEW));
    }
}

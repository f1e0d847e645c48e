package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;
import io.postern.identity.key.SigningKeys;
import io.postern.store.ServicePrincipal;
import io.postern.store.User;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Issues ID tokens and access tokens.
final class Tokens {
    static final Duration ID_TOKEN_LIFETIME = Duration.ofHours(1); // 4.6
    private static final int ACCESS_TOKEN_MINUTES_MIN = 60; // 60 to 90 minutes at random (4.6): renewals spread
    private static final int ACCESS_TOKEN_MINUTES_SPREAD = 31;
    private static final SecureRandom RANDOM = new SecureRandom();

    record AccessToken(String value, Duration lifetime) {}

    private final SigningKeys keys;
    private final ServiceAddress address;
    private final Clock clock;

    Tokens(SigningKeys keys, ServiceAddress address, Clock clock) {
        this.keys = keys;
        this.address = address;
        this.clock = clock;
    }

    /// @param sessionExpires tells the gateway how long what is open may stay open: the session outlives its tokens
    String idToken(CodeGrant grant, User user, Instant sessionExpires) {
        Map<String, Object> claims = common(grant.tenant(), grant.appId(), ID_TOKEN_LIFETIME);
        addUser(claims, grant, user);
        if (grant.scopes().contains("email")) {
            user.mail().ifPresent(mail -> claims.put("email", mail));
        }
        claims.put("session_exp", sessionExpires.getEpochSecond());
        grant.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        return keys.current(grant.tenant()).sign(claims);
    }

    AccessToken accessToken(CodeGrant grant, User user, List<String> permissions) {
        Duration lifetime = accessTokenLifetime();
        Map<String, Object> claims = common(grant.tenant(), grant.audience(), lifetime);
        addUser(claims, grant, user);
        claims.put("azp", grant.appId());
        claims.put("scp", String.join(" ", permissions));
        return new AccessToken(keys.current(grant.tenant()).sign(claims), lifetime);
    }

    /// For a service principal itself (client credentials).
    AccessToken appOnly(ServicePrincipal principal, String audience, List<String> roles) {
        Duration lifetime = accessTokenLifetime();
        Map<String, Object> claims = common(principal.tenant(), audience, lifetime);
        claims.put("idtyp", "app");
        claims.put("sub", principal.id().value());
        claims.put("oid", principal.id().value());
        claims.put("azp", principal.appId().value());
        claims.put("roles", roles);
        return new AccessToken(keys.current(principal.tenant()).sign(claims), lifetime);
    }

    private Map<String, Object> common(TenantId tenant, String audience, Duration lifetime) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        var claims = new LinkedHashMap<String, Object>();
        claims.put("iss", address.issuer(tenant));
        claims.put("aud", audience);
        claims.put("tid", tenant.value());
        claims.put("iat", Date.from(now));
        claims.put("nbf", Date.from(now));
        claims.put("exp", Date.from(now.plus(lifetime)));
        claims.put("ver", "2.0");
        claims.put("uti", UUID.randomUUID().toString());
        return claims;
    }

    private static void addUser(Map<String, Object> claims, CodeGrant grant, User user) {
        claims.put("sub", user.id().value());
        claims.put("oid", user.id().value());
        claims.put("preferred_username", user.userPrincipalName());
        claims.put("name", user.displayName());
        optional(claims, "given_name", user.givenName());
        optional(claims, "family_name", user.surname());
        claims.put("sid", grant.session().value());
        claims.put("auth_time", grant.authenticated().getEpochSecond());
    }

    private static void optional(Map<String, Object> claims, String name, Optional<String> value) {
        value.ifPresent(v -> claims.put(name, v));
    }

    private static Duration accessTokenLifetime() {
        return Duration.ofMinutes(ACCESS_TOKEN_MINUTES_MIN + RANDOM.nextInt(ACCESS_TOKEN_MINUTES_SPREAD));
    }
}

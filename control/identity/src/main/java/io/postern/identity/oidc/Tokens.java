package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.client.ClientSettings;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.session.Proof;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Issues ID tokens, access tokens and logout tokens.
final class Tokens {
    static final Duration ID_TOKEN_LIFETIME = Duration.ofHours(1); // 4.6
    /// OpenID Connect Back-Channel Logout §2.4 recommends at most two minutes.
    static final Duration LOGOUT_TOKEN_LIFETIME = Duration.ofMinutes(2);

    private static final int ACCESS_TOKEN_MINUTES_MIN = 60; // 60 to 90 minutes at random (4.6): renewals spread
    private static final int ACCESS_TOKEN_MINUTES_SPREAD = 31;
    private static final SecureRandom RANDOM = new SecureRandom();

    record AccessToken(String value, Duration lifetime) {}

    private final SigningKeys keys;
    private final UserClaims userClaims;
    private final ServiceAddress address;
    private final Clock clock;

    Tokens(SigningKeys keys, UserClaims userClaims, ServiceAddress address, Clock clock) {
        this.keys = keys;
        this.userClaims = userClaims;
        this.address = address;
        this.clock = clock;
    }

    String idToken(UserGrant grant, User user, RelyingParty client, UserTokens.SignedIn signedIn) {
        return keys.current(grant.tenant()).sign(idTokenClaims(grant, user, client, signedIn));
    }

    Map<String, Object> idTokenClaims(UserGrant grant, User user, RelyingParty client, UserTokens.SignedIn signedIn) {
        Map<String, Object> claims = common(grant.tenant(), grant.appId(), ID_TOKEN_LIFETIME);
        signedIn.tokenId().ifPresent(id -> claims.put("uti", id));
        addUser(claims, grant, user, grant.session());
        if (grant.scopes().contains("email")) {
            user.mail().ifPresent(mail -> claims.put("email", mail));
        }
        signedIn.sessionExpires().ifPresent(at -> claims.put("session_exp", at.getEpochSecond()));
        signedIn.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        userClaims.add(claims, user, client, client.settings().idTokenClaims(), clock.instant());
        return claims;
    }

    /// @param sid what ends the token early: the browser session, or the family of the refresh token beside it
    /// @param tokenId what the sign-in log calls it; empty: it gets one of its own
    AccessToken accessToken(UserGrant grant, User user, Scopes scopes, SessionId sid, Optional<String> tokenId) {
        Duration lifetime = lifetime(scopes.resource());
        Map<String, Object> claims = common(grant.tenant(), scopes.audience(), lifetime);
        tokenId.ifPresent(id -> claims.put("uti", id));
        addUser(claims, grant, user, sid);
        claims.put("azp", grant.appId());
        claims.put("scp", String.join(" ", new TreeSet<>(scopes.permissions())));
        scopes.resource()
                .ifPresent(resource -> userClaims.add(
                        claims, user, resource, resource.settings().accessTokenClaims(), clock.instant()));
        return new AccessToken(keys.current(grant.tenant()).sign(claims), lifetime);
    }

    /// Proves to an application's backend who asks (IDT-1). Issuer and missing scope keep it from opening anything
    /// here.
    ///
    /// @param audience of whom it is good for
    String identityToken(
            User user, RelyingParty application, String audience, Optional<SessionId> session, Duration lifetime) {
        return keys.current(user.tenant()).sign(identityClaims(user, application, audience, session, lifetime));
    }

    /// As [#identityToken], not signed.
    Map<String, Object> identityClaims(
            User user, RelyingParty application, String audience, Optional<SessionId> session, Duration lifetime) {
        Map<String, Object> claims = common(user.tenant(), audience, lifetime);
        claims.put("iss", address.identityIssuer(user.tenant()));
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sub", user.id().value());
        claims.put("oid", user.id().value());
        claims.put("upn", user.userPrincipalName());
        claims.put("preferred_username", user.userPrincipalName());
        claims.put("name", user.displayName());
        optional(claims, "given_name", user.givenName());
        optional(claims, "family_name", user.surname());
        optional(claims, "email", user.mail());
        session.ifPresent(sid -> claims.put("sid", sid.value()));
        userClaims.add(claims, user, application, application.settings().idTokenClaims(), clock.instant());
        return claims;
    }

    /// For a service principal itself (client credentials).
    ///
    /// @param roles in the resource, or at our API
    AccessToken appOnly(RelyingParty client, String audience, Optional<RelyingParty> resource, Set<String> roles) {
        Duration lifetime = lifetime(resource);
        Map<String, Object> claims = common(client.principal().tenant(), audience, lifetime);
        claims.put("idtyp", "app");
        claims.put("sub", client.principal().id().value());
        claims.put("oid", client.principal().id().value());
        claims.put("azp", client.appId());
        claims.put("roles", List.copyOf(roles));
        return new AccessToken(keys.current(client.principal().tenant()).sign(claims), lifetime);
    }

    /// Tells a client that a session ended (OpenID Connect Back-Channel Logout §2.4).
    String logoutToken(TenantId tenant, String appId, String subject, SessionId session) {
        Map<String, Object> claims = common(tenant, appId, LOGOUT_TOKEN_LIFETIME);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sub", subject);
        claims.put("sid", session.value());
        claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        return keys.current(tenant).sign(claims);
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

    private static void addUser(Map<String, Object> claims, UserGrant grant, User user, SessionId sid) {
        claims.put("sub", user.id().value());
        claims.put("oid", user.id().value());
        claims.put("preferred_username", user.userPrincipalName());
        claims.put("name", user.displayName());
        optional(claims, "given_name", user.givenName());
        optional(claims, "family_name", user.surname());
        claims.put("sid", sid.value());
        claims.put("auth_time", grant.authenticated().getEpochSecond());
        var amr = new TreeSet<>(grant.methods());
        grant.mfa().ifPresent(_ -> amr.add(Proof.MULTIPLE));
        if (!amr.isEmpty()) {
            claims.put("amr", List.copyOf(amr));
        }
        claims.put("acr", amr.contains(Proof.MULTIPLE) ? Acr.MULTIPLE : Acr.SINGLE);
    }

    private static void optional(Map<String, Object> claims, String name, Optional<String> value) {
        value.ifPresent(v -> claims.put(name, v));
    }

    private static Duration lifetime(Optional<RelyingParty> resource) {
        return resource.map(RelyingParty::settings)
                .flatMap(ClientSettings::accessTokenLifetime)
                .orElseGet(() ->
                        Duration.ofMinutes(ACCESS_TOKEN_MINUTES_MIN + RANDOM.nextInt(ACCESS_TOKEN_MINUTES_SPREAD)));
    }
}

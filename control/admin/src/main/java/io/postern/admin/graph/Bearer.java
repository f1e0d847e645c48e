package io.postern.admin.graph;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.postern.admin.service.Actor;
import io.postern.admin.service.ApiTokens;
import io.postern.admin.service.SystemApplications;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.AdminRole;
import io.postern.domain.policy.Subject;
import io.postern.domain.snapshot.Snapshot;
import io.postern.domain.snapshot.SnapshotSource;
import io.postern.domain.snapshot.VerificationKey;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import io.postern.web.RequestFacts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns the bearer token of a request into a [Caller], or refuses with 401. Roles and accounts are read
/// on every call: what is taken away has effect with the next request.
final class Bearer {
    private static final Logger LOG = LoggerFactory.getLogger(Bearer.class);

    /// @param audiences what access tokens may be for: the API by its URL, or by its id in one of the tenants
    private record Keys(
            List<VerificationKey> keys, Set<TenantId> tenants, JwtVerifier verifier, Set<String> audiences) {
        boolean isOf(Snapshot snapshot) {
            return keys.equals(snapshot.verificationKeys())
                    && tenants.equals(snapshot.tenantNames().keySet());
        }
    }

    private final Store store;
    private final SnapshotSource snapshots;
    private final InstantSource clock;
    private final String apiUrl;
    private volatile Keys keys;

    /// @param baseDomain access tokens are for `https://api.<base domain>` or the API's app id
    Bearer(Store store, SnapshotSource snapshots, String baseDomain, InstantSource clock) {
        this.store = store;
        this.snapshots = snapshots;
        this.clock = clock;
        this.apiUrl = "https://api." + baseDomain;
        this.keys = keys(snapshots.current());
    }

    /// @throws GraphFault 401
    Caller caller(ServerRequest request, RequestFacts facts) {
        List<String> fields = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
        if (fields.size() != 1 || !fields.getFirst().regionMatches(true, 0, "Bearer ", 0, 7)) {
            throw GraphFault.of(401, "a bearer token is missing; send one 'Authorization: Bearer <token>'");
        }
        String token = fields.getFirst().substring(7).strip();
        Instant now = clock.instant();
        Optional<Caller> caller = token.startsWith(ApiTokens.PREFIX)
                ? store.read(stores -> ofApiToken(stores, token, facts, now))
                : ofAccessToken(token, facts, now);
        return caller.orElseThrow(
                () -> GraphFault.of(401, "the bearer token is unknown, expired or revoked; get a new one"));
    }

    private static Optional<Caller> ofApiToken(Stores stores, String token, RequestFacts facts, Instant now) {
        return ApiTokens.find(stores, token, now)
                .flatMap(credential -> servicePrincipal(stores, credential.tenant(), credential.principal(), facts));
    }

    private Optional<Caller> ofAccessToken(String token, RequestFacts facts, Instant now) {
        Snapshot snapshot = snapshots.current();
        Keys current = keys;
        if (!current.isOf(snapshot)) {
            current = keys(snapshot);
            keys = current;
        }
        return switch (current.verifier().verify(token, current.audiences(), now)) {
            case JwtVerifier.Result.Refused(String why) -> {
                LOG.info("access token refused reason={}", why);
                yield Optional.empty();
            }
            case JwtVerifier.Result.Valid valid -> ofClaims(valid, snapshot, facts);
        };
    }

    private Optional<Caller> ofClaims(JwtVerifier.Result.Valid claims, Snapshot snapshot, RequestFacts facts) {
        try {
            var tenant = new TenantId(claims.text("tid"));
            if (!claims.text("iss").endsWith("/" + tenant + "/v2.0")) {
                return Optional.empty(); // a tenant's key speaks for this tenant only
            }
            if (claims.text("idtyp").equals("app")) {
                var principal = new ServicePrincipalId(claims.text("oid"));
                return store.read(stores -> servicePrincipal(stores, tenant, principal, facts));
            }
            // an ID token has no scope; only what was asked for us may be used here
            if (claims.text("scp").isBlank()) {
                return Optional.empty();
            }
            var user = new UserId(claims.text("oid"));
            Optional<SessionId> session =
                    claims.text("sid").isEmpty() ? Optional.empty() : Optional.of(new SessionId(claims.text("sid")));
            Instant authenticated = authenticated(claims);
            var subject =
                    new Subject(tenant, user, claims.text("preferred_username"), session, authenticated, Instant.MAX);
            if (snapshot.revocations().covers(subject)) {
                return Optional.empty();
            }
            return store.read(stores -> person(stores, tenant, user, authenticated, facts));
        } catch (IllegalArgumentException e) {
            LOG.info("access token refused reason=claims {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Caller> person(
            Stores stores, TenantId tenant, UserId id, Instant authenticated, RequestFacts facts) {
        return stores.users()
                .find(tenant, id)
                .filter(User::accountEnabled)
                .filter(user -> !authenticated.isBefore(user.sessionsValidFrom()))
                .map(user -> new Caller(
                        actor(tenant, id.value(), user.userPrincipalName(), facts),
                        true,
                        roles(stores, tenant, id.value())));
    }

    private static Optional<Caller> servicePrincipal(
            Stores stores, TenantId tenant, ServicePrincipalId id, RequestFacts facts) {
        return stores.servicePrincipals()
                .find(tenant, id)
                .filter(ServicePrincipal::accountEnabled)
                .map(principal -> new Caller(
                        actor(tenant, id.value(), principal.displayName(), facts),
                        false,
                        roles(stores, tenant, id.value())));
    }

    private static Actor actor(TenantId tenant, String principal, String name, RequestFacts facts) {
        return new Actor(tenant, principal, name, Optional.of(facts.clientAddress()), facts.exchange());
    }

    private static Set<AdminRole> roles(Stores stores, TenantId tenant, String principal) {
        return AdminRole.byTemplates(stores.roles().rolesOf(tenant, principal));
    }

    /// When the user proved who he is; the token's own time where it does not say, which is never earlier.
    private static Instant authenticated(JwtVerifier.Result.Valid claims) {
        Object time = claims.claims().getOrDefault("auth_time", claims.claims().get("iat"));
        return switch (time) {
            case Number seconds -> Instant.ofEpochSecond(seconds.longValue());
            case Date date -> date.toInstant();
            case null, default -> Instant.EPOCH;
        };
    }

    private Keys keys(Snapshot snapshot) {
        Set<TenantId> tenants = Set.copyOf(snapshot.tenantNames().keySet());
        return new Keys(
                snapshot.verificationKeys(),
                tenants,
                new JwtVerifier(snapshot.verificationKeys().stream()
                        .map(Bearer::trusted)
                        .toList()),
                Stream.concat(
                                Stream.of(apiUrl, SystemApplications.API.value()),
                                tenants.stream()
                                        .map(t -> SystemApplications.apiOf(t).value()))
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private static JwtVerifier.TrustedKey trusted(VerificationKey key) {
        return new JwtVerifier.TrustedKey(key.keyId(), key.issuer(), key.jwk());
    }
}

package io.postern.identity.oidc;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.RefreshFamily;
import io.postern.store.SessionStore;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Optional;

/// Tokens that the gateway hands to an application's backend with a user's requests. Blocking; thread-safe.
public final class BackendTokens {
    /// Of a token that proves who asks: short, since nobody can take it back (IDT-1).
    public static final Duration IDENTITY_LIFETIME = Duration.ofMinutes(5);

    private final Store store;
    private final BrowserSessions sessions;
    private final RelyingParties parties;
    private final Permission permission;
    private final Tokens tokens;
    private final ServiceAddress address;
    private final Clock clock;

    BackendTokens(
            Store store,
            BrowserSessions sessions,
            RelyingParties parties,
            Permission permission,
            Tokens tokens,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.sessions = sessions;
        this.parties = parties;
        this.permission = permission;
        this.tokens = tokens;
        this.address = address;
        this.clock = clock;
    }

    /// What came of asking for an access token.
    public sealed interface Outcome {
        record Token(String value, Duration lifetime) implements Outcome {}

        /// @param why a sentence for logs and administrators
        record Refused(String why) implements Outcome {}
    }

    /// Proves to the backend of an application who asks.
    ///
    /// @param audience `aud`; empty: the application's id
    public Optional<String> identity(
            Tenant tenant, AppId application, User user, Optional<SessionId> session, Optional<String> audience) {
        return parties.find(tenant, application.value())
                .map(party -> tokens.identityToken(
                        user, party, audience.orElse(application.value()), session, IDENTITY_LIFETIME));
    }

    /// What [#identity] would say now of a user who is not in a session, not signed. Numbers instead of
    /// times, as in a token.
    public Optional<Map<String, Object>> preview(
            TenantId tenant, AppId application, UserId user, Optional<String> audience) {
        Optional<User> known = store.read(s -> s.users().find(tenant, user));
        return known.flatMap(u -> store.read(s -> s.tenants().find(tenant))
                .flatMap(t -> parties.find(t, application.value()))
                .map(party -> tokens.identityClaims(
                        u, party, audience.orElse(application.value()), Optional.empty(), IDENTITY_LIFETIME))
                .map(BackendTokens::inSeconds));
    }

    private static Map<String, Object> inSeconds(Map<String, Object> claims) {
        claims.replaceAll(
                (_, value) -> value instanceof Date date ? date.toInstant().getEpochSecond() : value);
        return claims;
    }

    /// An access token for what the backend calls, or for the backend itself, in the user's name. Everything is
    /// asked that the token endpoint asks at a grant on behalf of somebody: sign-in still good, assignment,
    /// consent.
    ///
    /// @param session in which the user signed in to the application
    /// @param userAgent address that the user's request came from
    public Outcome onBehalf(
            Tenant tenant, AppId application, User user, SessionId session, String scope, String userAgent) {
        Optional<RelyingParty> client = parties.find(tenant, application.value());
        if (client.isEmpty()) {
            return refused(parties.whyNot(tenant, application.value()));
        }
        return switch (Scopes.read(scope, tenant, client.get(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> refused(fault);
            case Scopes.Reading.Read(Scopes scopes) ->
                grant(client.get(), user, session, scopes)
                        .map(grant -> issue(client.get(), grant, scopes, userAgent))
                        .orElseGet(() -> new Outcome.Refused(
                                "the session of " + user.userPrincipalName() + " is over; let him sign in again"));
        };
    }

    private Outcome issue(RelyingParty client, UserGrant grant, Scopes scopes, String userAgent) {
        return switch (permission.ask(client, userAgent, grant, scopes, Grant.ON_BEHALF_OF)) {
            case Permission.Outcome.Refused(Fault fault) -> refused(fault);
            case Permission.Outcome.Permitted(User known) -> {
                Tokens.AccessToken token = tokens.accessToken(grant, known, scopes, grant.session(), Optional.empty());
                yield new Outcome.Token(token.value(), token.lifetime());
            }
        };
    }

    /// How the user proved himself says his browser session, or the refresh token of the program whose access
    /// token he came with (BRR-3); the new token ends with either.
    private Optional<UserGrant> grant(RelyingParty client, User user, SessionId id, Scopes scopes) {
        return sessions.find(user.tenant(), user.id(), id)
                .map(current -> ofSession(client, user, current.session(), scopes))
                .or(() -> store.read(s -> s.refreshFamilies().find(id))
                        .filter(family -> holds(family, user))
                        .map(family -> ofFamily(client, family, scopes)));
    }

    private boolean holds(RefreshFamily family, User user) {
        return family.tenant().equals(user.tenant())
                && family.user().equals(user.id())
                && family.ended().isEmpty()
                && clock.instant().isBefore(family.expires());
    }

    private static UserGrant ofSession(RelyingParty client, User user, SessionStore.Row session, Scopes scopes) {
        return new UserGrant(
                user.tenant(),
                client.appId(),
                user.id(),
                session.id(),
                session.authenticated(),
                session.methods(),
                session.mfa(),
                scopes.granted(),
                scopes.audience());
    }

    private static UserGrant ofFamily(RelyingParty client, RefreshFamily family, Scopes scopes) {
        UserGrant first = RefreshTokens.Content.parse(family.payload()).grant();
        return new UserGrant(
                family.tenant(),
                client.appId(),
                family.user(),
                family.id(),
                first.authenticated(),
                first.methods(),
                first.mfa(),
                scopes.granted(),
                scopes.audience());
    }

    private static Outcome refused(Fault fault) {
        return new Outcome.Refused("AADSTS" + fault.number() + ": " + fault.text());
    }
}

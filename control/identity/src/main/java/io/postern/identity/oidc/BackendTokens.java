package io.postern.identity.oidc;

import io.postern.domain.AppId;
import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.BrowserSessions;
import io.postern.store.SessionStore;
import io.postern.store.Tenant;
import io.postern.store.User;
import java.time.Duration;
import java.util.Optional;

/// Tokens that the gateway hands to an application's backend with a user's requests. Blocking; thread-safe.
public final class BackendTokens {
    /// Of a token that proves who asks: short, since nobody can take it back (IDT-1).
    public static final Duration IDENTITY_LIFETIME = Duration.ofMinutes(5);

    private final BrowserSessions sessions;
    private final RelyingParties parties;
    private final Permission permission;
    private final Tokens tokens;
    private final ServiceAddress address;

    BackendTokens(
            BrowserSessions sessions,
            RelyingParties parties,
            Permission permission,
            Tokens tokens,
            ServiceAddress address) {
        this.sessions = sessions;
        this.parties = parties;
        this.permission = permission;
        this.tokens = tokens;
        this.address = address;
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

    /// An access token for what the backend calls, or for the backend itself, in the user's name. Everything is asked
    /// that the token endpoint asks at a grant on behalf of somebody: sign-in still good, assignment, consent.
    ///
    /// @param session in which the user signed in to the application
    /// @param userAgent address that the user's request came from
    public Outcome onBehalf(
            Tenant tenant, AppId application, User user, SessionId session, String scope, String userAgent) {
        Optional<RelyingParty> client = parties.find(tenant, application.value());
        Optional<SessionStore.Row> row =
                sessions.find(tenant.id(), user.id(), session).map(BrowserSessions.Current::session);
        if (client.isEmpty() || row.isEmpty()) {
            return new Outcome.Refused("the user's session is over, or was none of a browser");
        }
        return switch (Scopes.read(scope, tenant, client.get(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> refused(fault);
            case Scopes.Reading.Read(Scopes scopes) -> issue(client.get(), user, row.get(), scopes, userAgent);
        };
    }

    private Outcome issue(
            RelyingParty client, User user, SessionStore.Row session, Scopes scopes, String userAgent) {
        var grant = new UserGrant(
                user.tenant(),
                client.appId(),
                user.id(),
                session.id(),
                session.authenticated(),
                session.methods(),
                session.mfa(),
                scopes.granted(),
                scopes.audience());
        return switch (permission.ask(client, userAgent, grant, scopes, Grant.ON_BEHALF_OF)) {
            case Permission.Outcome.Refused(Fault fault) -> refused(fault);
            case Permission.Outcome.Permitted(User known) -> {
                Tokens.AccessToken token = tokens.accessToken(grant, known, scopes, session.id(), Optional.empty());
                yield new Outcome.Token(token.value(), token.lifetime());
            }
        };
    }

    private static Outcome refused(Fault fault) {
        return new Outcome.Refused("AADSTS" + fault.number() + ": " + fault.text());
    }
}

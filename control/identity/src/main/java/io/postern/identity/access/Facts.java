package io.postern.identity.access;

import io.postern.store.ServicePrincipal;
import io.postern.store.SessionStore;
import io.postern.store.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// What a decision is made from.
///
/// @param user as the store knows him now
/// @param principal the application that he wants, as the tenant has it
/// @param methods what the session was proved with (RFC 8176)
/// @param authenticated when he proved who he is, last
/// @param mfa when he proved a second factor, last
/// @param clientAddress without a port
/// @param mfaAsked the application asks for a second factor
/// @param maxAge how old the sign-in may be, if the application says
public record Facts(
        User user,
        ServicePrincipal principal,
        Set<String> methods,
        Instant authenticated,
        Optional<Instant> mfa,
        Grant grant,
        String clientAddress,
        Instant now,
        boolean mfaAsked,
        Optional<Duration> maxAge) {
    public Facts {
        methods = Set.copyOf(methods);
    }

    /// Of a session, for a request that asks for nothing special.
    public static Facts of(
            User user,
            ServicePrincipal principal,
            SessionStore.Row session,
            Grant grant,
            String clientAddress,
            Instant now) {
        return new Facts(
                user,
                principal,
                session.methods(),
                session.authenticated(),
                session.mfa(),
                grant,
                clientAddress,
                now,
                false,
                Optional.empty());
    }

    public Facts asking(boolean forMfa, Optional<Duration> age) {
        return new Facts(
                user, principal, methods, authenticated, mfa, grant, clientAddress, now, mfaAsked || forMfa, age);
    }
}

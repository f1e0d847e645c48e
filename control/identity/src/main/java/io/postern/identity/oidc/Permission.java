package io.postern.identity.oidc;

import io.postern.identity.access.Access;
import io.postern.identity.access.Decision;
import io.postern.identity.access.Facts;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.store.Store;
import io.postern.store.User;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/// Asks, wherever tokens for a user are issued without a browser, what the sign-in asks too: is the account
/// good, is the sign-in still good, may this user use the client and what it wants to reach, did somebody agree
/// to that.
final class Permission {
    sealed interface Outcome {
        record Permitted(User user) implements Outcome {}

        record Refused(Fault fault) implements Outcome {}
    }

    private final Store store;
    private final Access access;
    private final Consents consents;
    private final Clock clock;

    Permission(Store store, Access access, Consents consents, Clock clock) {
        this.store = store;
        this.access = access;
        this.consents = consents;
        this.clock = clock;
    }

    Outcome ask(TokenRequest request, UserGrant grant, Scopes scopes, Grant kind) {
        return ask(request.client(), request.clientAddress(), grant, scopes, kind);
    }

    /// @param address of the user agent
    Outcome ask(RelyingParty client, String address, UserGrant grant, Scopes scopes, Grant kind) {
        Optional<User> found = store.read(s -> s.users().find(grant.tenant(), grant.user()));
        if (found.isEmpty()) {
            return new Outcome.Refused(Fault.userGone());
        }
        User user = found.get();
        if (!user.accountEnabled()) {
            return new Outcome.Refused(Fault.userDisabled());
        }
        if (grant.authenticated().isBefore(user.sessionsValidFrom().truncatedTo(ChronoUnit.SECONDS))) {
            return new Outcome.Refused(Fault.freshTokenNeeded());
        }
        return Stream.concat(Stream.of(client), scopes.resource().stream())
                .map(party -> access.decide(new Facts(
                        user,
                        party.principal(),
                        grant.methods(),
                        grant.authenticated(),
                        grant.mfa(),
                        kind,
                        address,
                        clock.instant(),
                        false,
                        Optional.empty())))
                .map(Permission::fault)
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> consents.missing(client, user, scopes).isNothing()
                        ? Optional.empty()
                        : Optional.of(Fault.consentNeeded(client.application().displayName())
                                .asGrant()))
                .<Outcome>map(Outcome.Refused::new)
                .orElseGet(() -> new Outcome.Permitted(user));
    }

    /// In the words of the token endpoint: whatever policy says, the grant is no good (RFC 6749 §5.2).
    private static Optional<Fault> fault(Decision decision) {
        return switch (decision) {
            case Decision.Permit permit -> Optional.empty();
            case Decision.NeedsMfa missing -> Optional.of(Fault.mfaRequired().asGrant());
            case Decision.NeedsFreshSignIn missing -> Optional.of(Fault.freshTokenNeeded());
            case Decision.Denied(Fault fault) -> Optional.of(fault.asGrant());
        };
    }
}

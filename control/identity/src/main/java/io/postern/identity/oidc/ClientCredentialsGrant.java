package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.identity.protocol.Fault;
import io.postern.store.Store;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Grant `client_credentials` (RFC 6749 §4.4): an application acts for itself, with the roles that were assigned to
/// it. Where the resource demands an assignment, a client without one gets nothing.
final class ClientCredentialsGrant {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCredentialsGrant.class);

    private final Store store;
    private final RelyingParties parties;
    private final UserClaims claims;
    private final Tokens tokens;
    private final ServiceAddress address;
    private final Clock clock;

    ClientCredentialsGrant(
            Store store,
            RelyingParties parties,
            UserClaims claims,
            Tokens tokens,
            ServiceAddress address,
            Clock clock) {
        this.store = store;
        this.parties = parties;
        this.claims = claims;
        this.tokens = tokens;
        this.address = address;
        this.clock = clock;
    }

    TokenAnswer redeem(TokenRequest request) {
        if (!request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded());
        }
        // MSAL for Java sends the words of OpenID Connect with every request; they mean nothing without a user
        String scope = Arrays.stream(request.form().oneOrEmpty("scope").split(" +"))
                .filter(word -> !Scopes.OPENID.contains(word))
                .collect(Collectors.joining(" "));
        if (scope.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("scope"));
        }
        if (scope.contains(" ") || !scope.endsWith("/" + Scopes.ALL)) {
            return new TokenAnswer.Refused(Fault.scope(scope));
        }
        return switch (Scopes.read(scope, request.tenant(), request.client(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new TokenAnswer.Refused(fault);
            case Scopes.Reading.Read(Scopes scopes) -> issue(request, scopes);
        };
    }

    private TokenAnswer issue(TokenRequest request, Scopes scopes) {
        RelyingParty client = request.client();
        Optional<RelyingParty> resource = scopes.resource();
        if (resource.isPresent() && !resource.get().principal().accountEnabled()) {
            return new TokenAnswer.Refused(Fault.appDisabled(resource.get().appId()));
        }
        Set<String> roles = resource.map(r -> claims.rolesOf(client, r, clock.instant()))
                .orElseGet(() -> Set.copyOf(store.read(s -> s.roles()
                        .rolesOf(request.tenant().id(), client.principal().id().value()))));
        if (resource.isPresent()
                && resource.get().principal().appRoleAssignmentRequired()
                && !isAssigned(client, resource.get())) {
            return new TokenAnswer.Refused(Fault.clientNotAssigned(
                    client.application().displayName(),
                    resource.get().application().displayName()));
        }
        LOG.info(
                "app-only token issued tenant={} appId={} audience={}",
                request.tenant().id(),
                client.appId(),
                scopes.audience());
        return new TokenAnswer.Issued(
                UserTokens.body(tokens.appOnly(client, scopes.audience(), resource, roles)),
                Optional.empty(),
                scopes.audience());
    }

    private boolean isAssigned(RelyingParty client, RelyingParty resource) {
        return client.appId().equals(resource.appId())
                || store
                        .read(s -> s.assignments()
                                .ofPrincipal(
                                        client.principal().tenant(),
                                        client.principal().id().value()))
                        .stream()
                        .anyMatch(a -> a.resource().equals(resource.principal().id()) && a.isInForce(clock.instant()));
    }
}

package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.postern.domain.ServiceAddress;
import io.postern.identity.journal.SignInFacts;
import io.postern.identity.journal.SignInJournal;
import io.postern.identity.journal.SignInProtocol;
import io.postern.identity.protocol.Fault;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import io.postern.web.RequestFacts;
import java.util.Optional;
import java.util.Set;

/// Writes endings at the token endpoint into the sign-in log. A code that is redeemed was logged when its user signed
/// in; a program that waits for its user has not ended.
final class Endings {
    private static final Set<String> LOGGED_BEFORE = Set.of("authorization_code", DeviceRedemption.GRANT);
    private static final Set<String> GOES_ON = Set.of("authorization_pending", "slow_down");

    private final SignInJournal journal;
    private final Store store;
    private final RelyingParties parties;
    private final ServiceAddress address;

    Endings(SignInJournal journal, Store store, RelyingParties parties, ServiceAddress address) {
        this.journal = journal;
        this.store = store;
        this.parties = parties;
        this.address = address;
    }

    void clientUnproved(ServerRequest request, Tenant tenant, String clientId, Fault fault) {
        journal.failed(
                RequestFacts.of(request),
                SignInFacts.of(tenant, SignInProtocol.OAUTH2, clientId, "").program(),
                fault.number(),
                fault.text());
    }

    /// A device got no code.
    void noCode(ServerRequest request, Tenant tenant, RelyingParty client, Fault fault) {
        journal.failed(
                RequestFacts.of(request),
                SignInFacts.of(
                        tenant,
                        SignInProtocol.DEVICE_CODE,
                        client.appId(),
                        client.application().displayName()),
                fault.number(),
                fault.text());
    }

    void write(TokenRequest request, String grantType, TokenAnswer answer) {
        RequestFacts facts = RequestFacts.of(request.http());
        switch (answer) {
            case TokenAnswer.Refused(Fault fault, var grant) -> {
                if (!GOES_ON.contains(fault.error())) {
                    journal.failed(facts, of(request, grantType, grant), fault.number(), fault.text());
                }
            }
            case TokenAnswer.Issued(var body, var grant, String audience) -> {
                if (!LOGGED_BEFORE.contains(grantType)) {
                    journal.succeeded(
                            facts,
                            of(request, grantType, grant)
                                    .resource(audience, nameOf(request.tenant(), audience))
                                    .token(JwtVerifier.unverified(
                                            body.path("access_token").asString(""), "uti")));
                }
            }
        }
    }

    private SignInFacts of(TokenRequest request, String grantType, Optional<UserGrant> grant) {
        var facts = SignInFacts.of(
                request.tenant(),
                grantType.equals(DeviceRedemption.GRANT) ? SignInProtocol.DEVICE_CODE : SignInProtocol.OAUTH2,
                request.client().appId(),
                request.client().application().displayName());
        if (grant.isEmpty()) {
            if (grantType.equals("client_credentials")) {
                // its id alone anybody can send
                return request.proved()
                        ? facts.servicePrincipal(request.client().principal())
                        : facts.program();
            }
            return facts.nonInteractive();
        }
        SignInFacts known = facts.nonInteractive()
                .methods(grant.get().methods())
                .session(grant.get().session());
        Optional<User> user = store.read(
                s -> s.users().find(request.tenant().id(), grant.get().user()));
        return user.map(known::user).orElse(known);
    }

    private String nameOf(Tenant tenant, String audience) {
        if (audience.equals(Scopes.USER_INFO)) {
            return "UserInfo";
        }
        return audience.equals(address.apiAudience())
                ? "Postern API"
                : parties.find(tenant, audience)
                        .map(party -> party.application().displayName())
                        .orElse(audience);
    }
}

package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.identity.access.Grant;
import io.postern.identity.protocol.Fault;
import io.postern.store.User;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Grant `refresh_token` (RFC 6749 §6): asks policy anew each time.
final class RefreshRedemption {
    private final RefreshTokens refreshTokens;
    private final Permission permission;
    private final RelyingParties parties;
    private final UserTokens tokens;
    private final ServiceAddress address;

    RefreshRedemption(
            RefreshTokens refreshTokens,
            Permission permission,
            RelyingParties parties,
            UserTokens tokens,
            ServiceAddress address) {
        this.refreshTokens = refreshTokens;
        this.permission = permission;
        this.parties = parties;
        this.tokens = tokens;
        this.address = address;
    }

    TokenAnswer redeem(TokenRequest request) {
        String token = request.form().oneOrEmpty("refresh_token");
        if (token.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("refresh_token"));
        }
        return switch (refreshTokens.find(request.client(), token, Optional.of(request.clientAddress()))) {
            case RefreshTokens.Found.Refused(Fault fault) -> new TokenAnswer.Refused(fault);
            case RefreshTokens.Found.Holds holds -> redeem(request, holds);
        };
    }

    private TokenAnswer redeem(TokenRequest request, RefreshTokens.Found.Holds holds) {
        UserGrant grant = holds.content().grant();
        if (holds.content().secretDue() && !request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded());
        }
        Optional<Fault> wider = request.form().one("scope").flatMap(asked -> wider(grant, asked));
        if (wider.isPresent()) {
            return new TokenAnswer.Refused(wider.get(), Optional.of(grant));
        }
        String scope = request.form().one("scope").orElse(String.join(" ", grant.scopes()));
        return switch (Scopes.read(scope, request.tenant(), request.client(), parties, address)) {
            case Scopes.Reading.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
            case Scopes.Reading.Read(Scopes scopes) ->
                switch (permission.ask(request, grant, scopes, Grant.REFRESH_TOKEN)) {
                    case Permission.Outcome.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
                    case Permission.Outcome.Permitted(User user) -> {
                        if (!refreshTokens.rotate(holds.family(), holds.content(), holds.next())) {
                            yield new TokenAnswer.Refused(Fault.refreshEnded(), Optional.of(grant));
                        }
                        var offline = new UserTokens.Offline(
                                holds.family().id(), holds.next().token());
                        yield tokens.answer(
                                request,
                                grant.narrowedTo(scopes.granted(), scopes.audience()),
                                user,
                                scopes,
                                UserTokens.SignedIn.BEFORE,
                                Optional.of(offline));
                    }
                };
        };
    }

    /// Scopes may shrink, never grow: for more the user is asked.
    private static Optional<Fault> wider(UserGrant grant, String asked) {
        Set<String> more = new LinkedHashSet<>(Arrays.asList(asked.strip().split(" +")));
        more.removeAll(grant.scopes());
        return more.stream().findFirst().map(Fault::scopeWider);
    }
}

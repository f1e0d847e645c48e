package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.store.RefreshFamily;
import io.postern.store.Store;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/// Whether a token still holds (RFC 7662), and taking one back (RFC 7009). Both ask the client to prove itself where
/// it can, and tell nobody about tokens that are not his.
final class TokenStateEndpoints {
    private final ClientAuthentication clients;
    private final RefreshTokens refreshTokens;
    private final SigningKeys keys;
    private final Liveness liveness;
    private final Store store;
    private final FaultWriter faults;
    private final Clock clock;

    TokenStateEndpoints(
            ClientAuthentication clients,
            RefreshTokens refreshTokens,
            SigningKeys keys,
            Liveness liveness,
            Store store,
            FaultWriter faults,
            Clock clock) {
        this.clients = clients;
        this.refreshTokens = refreshTokens;
        this.keys = keys;
        this.liveness = liveness;
        this.store = store;
        this.faults = faults;
        this.clock = clock;
    }

    /// `POST /{tenant}/oauth2/v2.0/introspect`: only for clients that proved themselves.
    public void introspect(ServerRequest request, ServerResponse response, Tenant tenant) {
        answer(
                request,
                response,
                tenant,
                (asked, token) ->
                        asked.proved() ? said(state(asked, token)) : new TokenAnswer.Refused(Fault.secretNeeded()));
    }

    /// `POST /{tenant}/oauth2/v2.0/revoke`: says nothing of tokens that are unknown or over (RFC 7009 §2.2).
    public void revoke(ServerRequest request, ServerResponse response, Tenant tenant) {
        answer(request, response, tenant, this::takeBack);
    }

    private void answer(
            ServerRequest request,
            ServerResponse response,
            Tenant tenant,
            BiFunction<TokenRequest, String, TokenAnswer> work) {
        Parameters form;
        try {
            form = Bodies.form(request);
        } catch (BadRequest e) {
            faults.json(request, response, new Fault("invalid_request", 90014, e.status(), e.getMessage() + "."));
            return;
        }
        TokenAnswer answer = !form.repeated().isEmpty()
                ? new TokenAnswer.Refused(Fault.repeated(form.repeated()))
                : form.one("token").isEmpty()
                        ? new TokenAnswer.Refused(Fault.missing("token"))
                        : switch (clients.authenticate(request, tenant, form)) {
                            case ClientAuthentication.Result.Refused(Fault fault) -> new TokenAnswer.Refused(fault);
                            case ClientAuthentication.Result.Known(RelyingParty client, boolean proved) ->
                                work.apply(
                                        new TokenRequest(request, tenant, client, proved, form),
                                        form.oneOrEmpty("token"));
                        };
        switch (answer) {
            case TokenAnswer.Issued(ObjectNode body, var grant, var audience) -> Json.send(response, 200, body);
            case TokenAnswer.Refused(Fault fault, var grant) -> faults.json(request, response, fault);
        }
    }

    private ObjectNode state(TokenRequest request, String token) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        if (RefreshTokens.isRefreshToken(token)) {
            var found = refreshTokens.find(
                    request.client(),
                    token,
                    Optional.of(RequestFacts.of(request.http()).clientAddress()));
            if (found instanceof RefreshTokens.Found.Holds(var family, var content, var next)) {
                body.put("active", true)
                        .put("client_id", family.appId())
                        .put("sub", family.user().value())
                        .put("exp", family.expires().getEpochSecond())
                        .put("scope", String.join(" ", content.grant().scopes()));
                return body;
            }
            return body.put("active", false);
        }
        var result = keys.verifier(request.tenant().id())
                .verify(token, Set.of(request.client().appId()), clock.instant());
        if (!(result instanceof JwtVerifier.Result.Valid valid)) {
            return body.put("active", false);
        }
        boolean app = valid.text("idtyp").equals("app");
        Optional<User> user =
                app ? Optional.empty() : liveness.user(request.tenant().id(), valid);
        boolean expired = valid.claims().get("exp") instanceof Date exp
                && !clock.instant().isBefore(exp.toInstant());
        if (expired || (!app && (user.isEmpty() || valid.text("scp").isBlank()))) {
            return body.put("active", false);
        }
        body.put("active", true).put("token_type", "Bearer").put("client_id", valid.text("azp"));
        for (String claim : new String[] {"sub", "iss", "aud", "tid", "oid", "sid", "uti"}) {
            if (valid.claims().get(claim) instanceof String text) {
                body.put(claim, text);
            }
        }
        body.put("aud", request.client().appId());
        body.put("scope", valid.text("scp"));
        user.ifPresent(u -> body.put("username", u.userPrincipalName()));
        for (String claim : new String[] {"exp", "iat", "nbf"}) {
            if (valid.claims().get(claim) instanceof Date date) {
                body.put(claim, date.toInstant().getEpochSecond());
            }
        }
        return body;
    }

    private static TokenAnswer said(ObjectNode body) {
        return new TokenAnswer.Issued(body, Optional.empty(), "");
    }

    private TokenAnswer takeBack(TokenRequest request, String token) {
        ObjectNode nothing = Json.MAPPER.createObjectNode();
        if (RefreshTokens.isRefreshToken(token)) {
            var found = refreshTokens.find(
                    request.client(),
                    token,
                    Optional.of(RequestFacts.of(request.http()).clientAddress()));
            if (found instanceof RefreshTokens.Found.Holds(var family, var content, var next)) {
                if (content.secretDue() && !request.proved()) {
                    return new TokenAnswer.Refused(Fault.secretNeeded());
                }
                store.write(s -> RefreshTokens.end(s, family, clock.instant(), "revoked by the client"));
            }
            return said(nothing);
        }
        var signed = keys.verifier(request.tenant().id()).verifySignature(token);
        if (!(signed instanceof JwtVerifier.Result.Valid valid)
                || !valid.text("azp").equals(request.client().appId())) {
            return said(nothing);
        }
        Optional<RefreshFamily> family = store.read(s -> family(valid).flatMap(s.refreshFamilies()::find))
                .filter(f -> f.appId().equals(request.client().appId()));
        if (family.isEmpty()) {
            return new TokenAnswer.Refused(Fault.unsupportedTokenType());
        }
        // every resource that is called sees access tokens: whoever has one is not yet the client (RFC 7009 §2.1)
        if (RefreshTokens.Content.parse(family.get().payload()).secretDue() && !request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded());
        }
        store.write(s -> RefreshTokens.end(s, family.get(), clock.instant(), "revoked by the client"));
        return said(nothing);
    }

    private static Optional<io.postern.domain.SessionId> family(JwtVerifier.Result.Valid token) {
        return token.text("sid").isEmpty()
                ? Optional.empty()
                : Optional.of(new io.postern.domain.SessionId(token.text("sid")));
    }
}

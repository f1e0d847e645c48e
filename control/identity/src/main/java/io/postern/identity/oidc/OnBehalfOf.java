package io.postern.identity.oidc;

import io.postern.domain.ServiceAddress;
import io.postern.domain.SessionId;
import io.postern.identity.access.Grant;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.session.Proof;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import io.postern.web.Parameters;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// An application that a user called calls another one in his name: with the access token that it got it asks for
/// one for the other (grant `jwt-bearer` with `requested_token_use=on_behalf_of`, or RFC 8693). The new token ends
/// with the session of the first.
final class OnBehalfOf {
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    private final SigningKeys keys;
    private final Liveness liveness;
    private final Permission permission;
    private final RelyingParties parties;
    private final UserTokens tokens;
    private final ServiceAddress address;
    private final Clock clock;

    OnBehalfOf(
            SigningKeys keys,
            Liveness liveness,
            Permission permission,
            RelyingParties parties,
            UserTokens tokens,
            ServiceAddress address,
            Clock clock) {
        this.keys = keys;
        this.liveness = liveness;
        this.permission = permission;
        this.parties = parties;
        this.tokens = tokens;
        this.address = address;
        this.clock = clock;
    }

    TokenAnswer bearer(TokenRequest request) {
        Parameters form = request.form();
        if (!form.oneOrEmpty("requested_token_use").equals("on_behalf_of")) {
            return new TokenAnswer.Refused(
                    Fault.malformed("requested_token_use must be on_behalf_of: that is what this grant is for here."));
        }
        return form.one("assertion").isEmpty()
                ? new TokenAnswer.Refused(Fault.missing("assertion"))
                : exchange(request, form.oneOrEmpty("assertion"), form.oneOrEmpty("scope"));
    }

    TokenAnswer exchange(TokenRequest request) {
        Parameters form = request.form();
        if (form.one("actor_token").isPresent()) {
            return new TokenAnswer.Refused(Fault.malformed("actor_token is not supported."));
        }
        Set<String> types = Set.of(ACCESS_TOKEN, JWT);
        if (!types.contains(form.oneOrEmpty("subject_token_type"))
                || !types.contains(form.one("requested_token_type").orElse(ACCESS_TOKEN))) {
            return new TokenAnswer.Refused(Fault.malformed(
                    "subject_token_type and requested_token_type must be " + ACCESS_TOKEN + " or " + JWT + "."));
        }
        if (form.one("subject_token").isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("subject_token"));
        }
        String scope = form.one("scope")
                .or(() -> form.one("resource").or(() -> form.one("audience")).map(target -> target + "/" + Scopes.ALL))
                .orElse("");
        TokenAnswer answer = exchange(request, form.oneOrEmpty("subject_token"), scope);
        if (answer instanceof TokenAnswer.Issued(ObjectNode body, var grant, var audience)) {
            body.put("issued_token_type", ACCESS_TOKEN); // RFC 8693 §2.2.1
        }
        return answer;
    }

    private TokenAnswer exchange(TokenRequest request, String token, String scope) {
        if (!request.proved()) {
            return new TokenAnswer.Refused(Fault.secretNeeded());
        }
        if (scope.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("scope"));
        }
        return switch (keys.verifier(request.tenant().id())
                .verify(token, Set.of(request.client().appId()), clock.instant())) {
            case JwtVerifier.Result.Refused(String why) ->
                new TokenAnswer.Refused(Fault.subjectTokenInvalid(
                        why.startsWith("audience") ? "it was not issued for this client" : why));
            case JwtVerifier.Result.Valid valid -> of(request, valid, scope);
        };
    }

    private TokenAnswer of(TokenRequest request, JwtVerifier.Result.Valid token, String scope) {
        if (token.text("scp").isBlank() || token.text("idtyp").equals("app")) {
            return new TokenAnswer.Refused(
                    Fault.subjectTokenInvalid("it is no access token of a user")); // an ID token has the same audience
        }
        return switch (liveness.state(request.tenant().id(), token)) {
            case Liveness.State.Over(Fault fault) -> new TokenAnswer.Refused(fault);
            case Liveness.State.Holds(User user) ->
                switch (Scopes.read(scope, request.tenant(), request.client(), parties, address)) {
                    case Scopes.Reading.Refused(Fault fault) -> new TokenAnswer.Refused(fault);
                    case Scopes.Reading.Read(Scopes scopes) ->
                        issue(request, grant(request, token, user, scopes), scopes);
                };
        };
    }

    private TokenAnswer issue(TokenRequest request, UserGrant grant, Scopes scopes) {
        return switch (permission.ask(request, grant, scopes, Grant.ON_BEHALF_OF)) {
            case Permission.Outcome.Refused(Fault fault) -> new TokenAnswer.Refused(fault, Optional.of(grant));
            case Permission.Outcome.Permitted(User known) ->
                tokens.answer(request, grant, known, scopes, UserTokens.SignedIn.BEFORE, Optional.empty());
        };
    }

    /// Without staying signed in: whoever may is the client that the user met.
    private static UserGrant grant(TokenRequest request, JwtVerifier.Result.Valid token, User user, Scopes scopes) {
        Instant authenticated = Liveness.authenticated(token);
        var methods = new HashSet<String>();
        if (token.claims().get("amr") instanceof List<?> amr) {
            amr.forEach(method -> methods.add(String.valueOf(method)));
        }
        var granted = new HashSet<>(scopes.granted());
        granted.remove(Scopes.OFFLINE);
        return new UserGrant(
                user.tenant(),
                request.client().appId(),
                user.id(),
                new SessionId(token.text("sid")),
                authenticated,
                methods,
                methods.remove(Proof.MULTIPLE) ? Optional.of(authenticated) : Optional.empty(),
                granted,
                scopes.audience());
    }
}

package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.key.SigningKeys;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.store.Tenant;
import io.postern.store.User;
import io.postern.token.JwtVerifier;
import io.postern.web.Json;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// `/{tenant}/oauth2/v2.0/userinfo` (OpenID Connect Core §5.3). Takes only tokens made for it, and only
/// while the session or refresh token that they come from holds.
final class UserInfoEndpoint {
    private final SigningKeys keys;
    private final Liveness liveness;
    private final FaultWriter faults;
    private final Clock clock;

    UserInfoEndpoint(SigningKeys keys, Liveness liveness, FaultWriter faults, Clock clock) {
        this.keys = keys;
        this.liveness = liveness;
        this.faults = faults;
        this.clock = clock;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        Optional<JwtVerifier.Result.Valid> token = bearer(request).flatMap(text -> verify(tenant, text));
        Optional<User> user = token.flatMap(valid -> liveness.user(tenant.id(), valid));
        if (user.isEmpty()) {
            faults.json(request, response, Fault.bearerInvalid());
            return;
        }
        Set<String> scopes = Set.of(token.get().text("scp").split(" "));
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.put("sub", user.get().id().value());
        if (scopes.contains("profile")) {
            body.put("name", user.get().displayName());
            body.put("preferred_username", user.get().userPrincipalName());
            user.get().givenName().ifPresent(name -> body.put("given_name", name));
            user.get().surname().ifPresent(name -> body.put("family_name", name));
        }
        if (scopes.contains("email")) {
            user.get().mail().ifPresent(mail -> body.put("email", mail));
        }
        Json.send(response, 200, body);
    }

    private Optional<JwtVerifier.Result.Valid> verify(Tenant tenant, String token) {
        return switch (keys.verifier(tenant.id()).verify(token, Set.of(Scopes.USER_INFO), clock.instant())) {
            case JwtVerifier.Result.Valid valid -> Optional.of(valid);
            case JwtVerifier.Result.Refused refused -> Optional.empty();
        };
    }

    private static Optional<String> bearer(ServerRequest request) {
        List<String> fields = request.headers().values(HeaderNames.AUTHORIZATION);
        return fields.size() == 1 && fields.getFirst().toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? Optional.of(fields.getFirst().substring("bearer ".length()).strip())
                : Optional.empty();
    }
}

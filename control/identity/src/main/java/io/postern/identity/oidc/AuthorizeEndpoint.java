package io.postern.identity.oidc;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.signin.SignIn;
import io.postern.store.Tenant;
import io.postern.web.Bodies;
import io.postern.web.Parameters;

/// `/{tenant}/oauth2/v2.0/authorize`, GET and POST.
final class AuthorizeEndpoint {
    private final Authorization authorization;
    private final SignIn signIn;

    AuthorizeEndpoint(Authorization authorization, SignIn signIn) {
        this.authorization = authorization;
        this.signIn = signIn;
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        Parameters parameters = request.prologue().method().equals(Method.GET)
                ? Parameters.parse(request.query().rawValue())
                : Bodies.form(request);
        authorization
                .read(request, response, tenant, parameters)
                .map(asked -> authorization.pending(request, asked))
                .ifPresent(pending -> signIn.begin(request, response, authorization, pending));
    }
}

package io.postern.identity.oidc;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.identity.protocol.Fault;
import io.postern.identity.protocol.FaultWriter;
import io.postern.store.Tenant;
import io.postern.web.BadRequest;
import io.postern.web.Bodies;
import io.postern.web.Json;
import io.postern.web.Parameters;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// `POST /{tenant}/oauth2/v2.0/token`: finds the client and the grant, and writes what comes of it.
final class TokenEndpoint {
    private final ClientAuthentication clients;
    private final Map<String, Function<TokenRequest, TokenAnswer>> grants;
    private final Endings endings;
    private final FaultWriter faults;

    /// @param grants by `grant_type`
    TokenEndpoint(
            ClientAuthentication clients,
            Map<String, Function<TokenRequest, TokenAnswer>> grants,
            Endings endings,
            FaultWriter faults) {
        this.clients = clients;
        this.grants = new TreeMap<>(grants);
        this.endings = endings;
        this.faults = faults;
    }

    /// For the metadata.
    List<String> grantTypes() {
        return List.copyOf(grants.keySet());
    }

    public void handle(ServerRequest request, ServerResponse response, Tenant tenant) {
        // no cookie counts here, so scripts of any origin may ask (single-page applications)
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        Parameters form;
        try {
            form = Bodies.form(request);
        } catch (BadRequest e) {
            faults.json(request, response, new Fault("invalid_request", 90014, e.status(), e.getMessage() + "."));
            return;
        }
        switch (redeem(request, tenant, form)) {
            case TokenAnswer.Issued(ObjectNode body, var grant, var audience) -> {
                response.header(HeaderNames.PRAGMA, "no-cache"); // RFC 6749 §5.1
                Json.send(response, 200, body);
            }
            case TokenAnswer.Refused(Fault fault, var grant) -> faults.json(request, response, fault);
        }
    }

    private TokenAnswer redeem(ServerRequest request, Tenant tenant, Parameters form) {
        if (!form.repeated().isEmpty()) {
            return new TokenAnswer.Refused(Fault.repeated(form.repeated()));
        }
        String type = form.oneOrEmpty("grant_type");
        if (type.isEmpty()) {
            return new TokenAnswer.Refused(Fault.missing("grant_type"));
        }
        Function<TokenRequest, TokenAnswer> grant = grants.get(type);
        if (grant == null) {
            return new TokenAnswer.Refused(Fault.grantUnknown(type));
        }
        return switch (clients.authenticate(request, tenant, form)) {
            case ClientAuthentication.Result.Refused(Fault fault) -> {
                endings.clientUnproved(request, tenant, form.oneOrEmpty("client_id"), fault);
                yield new TokenAnswer.Refused(fault);
            }
            case ClientAuthentication.Result.Known(RelyingParty client, boolean proved) -> {
                var asked = new TokenRequest(request, tenant, client, proved, form);
                TokenAnswer answer = grant.apply(asked);
                endings.write(asked, type, answer);
                yield answer;
            }
        };
    }
}

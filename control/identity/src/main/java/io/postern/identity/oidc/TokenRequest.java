package io.postern.identity.oidc;

import io.helidon.webserver.http.ServerRequest;
import io.postern.store.Tenant;
import io.postern.web.Parameters;
import io.postern.web.RequestFacts;

/// A request to the token endpoint whose client is known.
///
/// @param proved the client proved itself, by a secret or a key
record TokenRequest(ServerRequest http, Tenant tenant, RelyingParty client, boolean proved, Parameters form) {
    String clientAddress() {
        return RequestFacts.of(http).clientAddress();
    }
}

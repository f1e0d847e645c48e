package io.postern.identity.protocol;

import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.postern.store.Tenant;

/// Answers a request whose path names a tenant.
public interface TenantHandler {
    void handle(ServerRequest request, ServerResponse response, Tenant tenant);

    /// Finds the tenant first, or says on a page or in JSON that there is none.
    interface Routes {
        Handler page(TenantHandler handler);

        Handler json(TenantHandler handler);
    }
}

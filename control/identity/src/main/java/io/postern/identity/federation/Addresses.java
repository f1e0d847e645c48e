package io.postern.identity.federation;

import io.postern.domain.IdentityProviderId;
import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.domain.TenantId;

/// Where upstreams send browsers back to. Each provider has addresses of its own, so an answer cannot be taken for
/// that of another one; they have the tenant's id, which stays when its name changes.
record Addresses(ServiceAddress address) {
    /// Our entity id; the other addresses lie below it.
    String of(TenantId tenant, IdentityProviderId provider) {
        return address.origin(OwnHost.LOGIN) + path(tenant, provider);
    }

    String callback(TenantId tenant, IdentityProviderId provider) {
        return of(tenant, provider) + "/callback";
    }

    String acs(TenantId tenant, IdentityProviderId provider) {
        return of(tenant, provider) + "/acs";
    }

    String signedOut(TenantId tenant, IdentityProviderId provider) {
        return of(tenant, provider) + "/signed-out";
    }

    static String path(TenantId tenant, IdentityProviderId provider) {
        return "/" + tenant + "/federation/" + provider;
    }
}

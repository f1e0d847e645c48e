package io.postern.admin.service;

import io.postern.domain.OwnHost;
import io.postern.domain.TenantId;
import io.postern.store.ServicePrincipal;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.store.Tenant;
import java.util.List;

/// Where each tenant's users find their applications.
public record Portals(Store store, Site site) {
    /// Where a user opens the application, and signs in before if need be (4.1).
    public String userAccessUrl(ServicePrincipal principal) {
        return store.read(stores -> userAccessUrl(stores, site, principal));
    }

    static String userAccessUrl(Stores stores, Site site, ServicePrincipal principal) {
        return portal(stores, site, principal.tenant()) + "/launch/" + principal.appId();
    }

    /// Origin of the tenant's My Apps.
    static String portal(Stores stores, Site site, TenantId tenant) {
        List<Tenant> tenants = stores.tenants().list();
        Tenant home =
                tenants.stream().filter(t -> t.id().equals(tenant)).findFirst().orElseThrow();
        return site.origin(OwnHost.portalLabel(home.name(), home.equals(tenants.getFirst())));
    }
}

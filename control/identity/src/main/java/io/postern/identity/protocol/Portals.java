package io.postern.identity.protocol;

import io.postern.domain.OwnHost;
import io.postern.domain.ServiceAddress;
import io.postern.store.Store;
import io.postern.store.Tenant;

/// Where each tenant's users find their applications: what pages lead to when nothing else asked for them.
public record Portals(Store store, ServiceAddress address) {
    public String of(Tenant tenant) {
        boolean first = store.read(s -> s.tenants().list().getFirst().id().equals(tenant.id()));
        return address.origin(OwnHost.portalLabel(tenant.name(), first)) + "/";
    }
}

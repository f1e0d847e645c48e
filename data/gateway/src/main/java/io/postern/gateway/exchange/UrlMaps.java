package io.postern.gateway.exchange;

import io.postern.domain.TenantId;
import io.postern.domain.publish.Publishing;
import io.postern.domain.snapshot.Snapshot;
import io.postern.translate.UrlMap;

/// Makes the map between inside and outside from a snapshot.
public final class UrlMaps {
    private UrlMaps() {}

    /// Once per snapshot and tenant, not per request. Links of one tenant never lead to another.
    public static UrlMap of(Snapshot snapshot, TenantId tenant, int publicPort) {
        return new UrlMap(snapshot.applications().stream()
                .filter(a -> a.tenant().equals(tenant))
                .flatMap(a -> a.publishing().stream())
                .map(p -> mapping(p, publicPort))
                .toList());
    }

    public static UrlMap.Mapping mapping(Publishing publishing, int publicPort) {
        return new UrlMap.Mapping(
                publishing.internalUrl().origin(),
                publishing.internalUrl().path(),
                publishing.externalUrl().origin(publicPort),
                publishing.externalUrl().path());
    }
}

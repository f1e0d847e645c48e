package io.postern.gateway.exchange;

import io.postern.domain.ExternalUrl;
import io.postern.domain.TenantId;
import io.postern.domain.snapshot.Place;
import io.postern.domain.snapshot.Snapshot;
import io.postern.translate.UrlMap;
import java.util.Optional;

/// Makes the map between inside and outside from a snapshot.
public final class UrlMaps {
    private UrlMaps() {}

    /// Once per snapshot and tenant, not per request. Links of one tenant never lead to another.
    public static UrlMap of(Snapshot snapshot, TenantId tenant, int publicPort) {
        return new UrlMap(snapshot.applications().stream()
                .filter(a -> a.tenant().equals(tenant))
                .flatMap(a -> a.places().stream())
                .flatMap(place -> mapping(place, place.shown(), publicPort).stream())
                .toList());
    }

    /// Empty where the control plane itself answers.
    ///
    /// @param outside which of the place's URLs links name
    public static Optional<UrlMap.Mapping> mapping(Place place, ExternalUrl outside, int publicPort) {
        return place.inside()
                .map(inside -> new UrlMap.Mapping(
                        inside.url().origin(), inside.url().path(), outside.origin(publicPort), outside.path()));
    }
}

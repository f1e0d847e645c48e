package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Applications put together for My Apps (4.5).
///
/// @param owner whose own it is; empty: an administrator's
/// @param apps ids of service principals, in their order
/// @param people ids of users and groups who see it; empty: everybody
public record AppCollection(
        TenantId tenant,
        String id,
        Optional<UserId> owner,
        String name,
        Optional<String> description,
        List<String> apps,
        List<String> people,
        Instant created) {
    public AppCollection {
        apps = List.copyOf(apps);
        people = List.copyOf(people);
    }
}

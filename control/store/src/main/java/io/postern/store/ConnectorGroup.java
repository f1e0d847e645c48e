package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A unit of load balancing and fail-over (GRP-1, GRP-2).
public record ConnectorGroup(
        TenantId tenant,
        ConnectorGroupId id,
        String name,
        boolean isDefault,
        Optional<String> region,
        Instant created) {}

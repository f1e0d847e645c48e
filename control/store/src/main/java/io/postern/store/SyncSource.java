package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.domain.sync.SyncSettings;
import java.time.Instant;

/// Another directory whose users and groups are here too.
///
/// @param directory what the connectors of the group call it; only they know where it is
/// @param enabled false: no cycle begins
public record SyncSource(
        TenantId tenant,
        String id,
        String name,
        String directory,
        ConnectorGroupId group,
        boolean enabled,
        SyncSettings settings,
        Instant created) {}

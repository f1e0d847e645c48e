package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Instant;

/// The right to update one connector of a group now (UPD-2).
///
/// @param id known to the connector's updater only
/// @param version that it updates to
/// @param expires unless it is kept
public record UpdateLease(
        TenantId tenant, ConnectorGroupId group, String id, ConnectorId connector, String version, Instant expires) {}

package io.postern.domain.snapshot;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;

/// A registered connector, found by the SHA-256 of its certificate.
///
/// @param certificate lower-case hex
/// @param enabled false: known, but none of its tunnels may be open
public record ConnectorEntry(
        TenantId tenant, ConnectorId id, ConnectorGroupId group, String certificate, boolean enabled) {}

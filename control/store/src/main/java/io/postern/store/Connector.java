package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.Optional;

/// A registered connector (STA-1).
///
/// @param certificateFingerprint SHA-256 of its certificate, lower-case hex
/// @param lastSeen last time a tunnel was open
public record Connector(
        TenantId tenant,
        ConnectorId id,
        ConnectorGroupId group,
        String machineName,
        Optional<String> externalIp,
        String version,
        String certificateFingerprint,
        Instant certificateExpires,
        Instant created,
        Optional<Instant> lastSeen) {}

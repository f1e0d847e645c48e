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
/// @param enabled false: none of its certificates opens a tunnel
/// @param renewed the certificate that takes the place of the other at its first use (REG-5); until then both
///     are good
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
        Optional<Instant> lastSeen,
        boolean enabled,
        Optional<Renewed> renewed) {
    /// @param fingerprint SHA-256 of the certificate, lower-case hex
    public record Renewed(String fingerprint, Instant expires) {}

    public Connector withGroup(ConnectorGroupId other) {
        return new Connector(
                tenant,
                id,
                other,
                machineName,
                externalIp,
                version,
                certificateFingerprint,
                certificateExpires,
                created,
                lastSeen,
                enabled,
                renewed);
    }

    public Connector withEnabled(boolean now) {
        return new Connector(
                tenant,
                id,
                group,
                machineName,
                externalIp,
                version,
                certificateFingerprint,
                certificateExpires,
                created,
                lastSeen,
                now,
                renewed);
    }

    public Connector withRenewed(Renewed certificate) {
        return new Connector(
                tenant,
                id,
                group,
                machineName,
                externalIp,
                version,
                certificateFingerprint,
                certificateExpires,
                created,
                lastSeen,
                enabled,
                Optional.of(certificate));
    }
}

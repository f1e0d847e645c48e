package io.postern.store;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.outbound.OutboundSettings;
import java.time.Instant;
import java.util.Optional;

/// Provisioning of users and groups to one application, and where it stands.
///
/// @param sealed token or client secret, sealed for the resource's id
/// @param enabled changes are sent as they come
public record OutboundJob(
        TenantId tenant,
        ServicePrincipalId resource,
        OutboundSettings settings,
        String sealed,
        boolean enabled,
        Instant created,
        State state) {
    /// @param due when everything is looked at next
    /// @param paused until when the application is left alone
    /// @param failures of the application itself, one after the other
    /// @param quarantined since when it fails
    /// @param fault what it said last
    /// @param held removals that wait for somebody to allow them
    /// @param allowed how many removals somebody allowed, in place of the limit
    /// @param lastCheck when everything was looked at last
    /// @param lastSuccess when the application took something last
    public record State(
            Instant due,
            Optional<Instant> paused,
            int failures,
            Optional<Instant> quarantined,
            Optional<String> fault,
            int held,
            Optional<Integer> allowed,
            Optional<Instant> lastCheck,
            Optional<Instant> lastSuccess) {
        public static State at(Instant now) {
            return new State(
                    now,
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    public OutboundJob withEnabled(boolean now) {
        return new OutboundJob(tenant, resource, settings, sealed, now, created, state);
    }
}

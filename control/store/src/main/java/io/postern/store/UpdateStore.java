package io.postern.store;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.update.UpdatePolicy;
import java.util.List;
import java.util.Optional;

/// Updates of connectors. Nothing here changes the configuration version: the data plane does not live by it.
public interface UpdateStore {
    /// [UpdatePolicy#NONE] where none was set.
    UpdatePolicy policy(TenantId tenant);

    void setPolicy(TenantId tenant, UpdatePolicy policy);

    Optional<ConnectorUpdate> find(TenantId tenant, ConnectorId connector);

    List<ConnectorUpdate> list(TenantId tenant);

    /// In place of what was there.
    void put(ConnectorUpdate update);

    /// In force or expired.
    Optional<UpdateLease> lease(TenantId tenant, ConnectorGroupId group);

    /// By the secret that its holder knows.
    Optional<UpdateLease> lease(String id);

    /// In place of the group's lease that was there.
    void putLease(UpdateLease lease);

    boolean endLease(String id);
}

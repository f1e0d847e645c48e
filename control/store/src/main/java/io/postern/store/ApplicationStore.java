package io.postern.store;

import io.postern.domain.AppId;
import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.publish.Application;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Application registrations with their publishing block.
public interface ApplicationStore {
    /// @throws DuplicateKey `externalUrl` when another application of any tenant has the same external host and
    ///     path, or of another tenant the same host; `appId`
    void insert(Application application);

    boolean update(Application application);

    boolean delete(TenantId tenant, ObjectId id);

    Optional<Application> find(TenantId tenant, ObjectId id);

    Optional<Application> findByAppId(AppId appId);

    /// Those that exist, in any order.
    List<Application> findByAppId(Collection<AppId> appIds);

    List<Application> list(TenantId tenant);

    /// Of every tenant: for the snapshot.
    List<Application> listAll();

    List<Application> inGroup(TenantId tenant, ConnectorGroupId group);
}

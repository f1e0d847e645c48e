package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.AppId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.store.DuplicateKey;
import io.postern.store.ServicePrincipal;
import io.postern.store.ServicePrincipalStore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlServicePrincipalStore(Handle handle) implements ServicePrincipalStore {
    private static final RowMapper<ServicePrincipal> ROW = (row, context) -> new ServicePrincipal(
            new TenantId(row.getString("tenant")),
            new ServicePrincipalId(row.getString("id")),
            new AppId(row.getString("app_id")),
            row.getString("display_name"),
            row.getBoolean("account_enabled"),
            row.getBoolean("assignment_required"),
            texts(row, "tags"),
            instant(row, "created"));

    @Override
    public void insert(ServicePrincipal principal) {
        refuseTakenApp(principal);
        bind(principal, handle.createUpdate("""
                INSERT INTO service_principals (tenant, id, app_id, display_name, account_enabled,
                    assignment_required, tags, created)
                VALUES (:tenant, :id, :appId, :displayName, :enabled, :required, :tags, :created)""")).execute();
    }

    @Override
    public boolean update(ServicePrincipal principal) {
        refuseTakenApp(principal);
        return bind(principal, handle.createUpdate("""
                UPDATE service_principals SET app_id = :appId, display_name = :displayName,
                    account_enabled = :enabled, assignment_required = :required, tags = :tags, created = :created
                WHERE tenant = :tenant AND id = :id""")).execute() == 1;
    }

    @Override
    public boolean delete(TenantId tenant, ServicePrincipalId id) {
        Principals.forget(handle, tenant, id.value());
        return handle.createUpdate("DELETE FROM service_principals WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<ServicePrincipal> find(TenantId tenant, ServicePrincipalId id) {
        return handle.createQuery("SELECT * FROM service_principals WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<ServicePrincipal> find(TenantId tenant, Collection<ServicePrincipalId> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return handle.createQuery("SELECT * FROM service_principals WHERE tenant = :tenant AND id IN (<ids>)")
                .bind("tenant", tenant.value())
                .bindList("ids", ids.stream().map(ServicePrincipalId::value).toList())
                .map(ROW)
                .list();
    }

    @Override
    public Optional<ServicePrincipal> findByAppId(TenantId tenant, AppId appId) {
        return handle.createQuery("SELECT * FROM service_principals WHERE tenant = :tenant AND app_id = :appId")
                .bind("tenant", tenant.value())
                .bind("appId", appId.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<ServicePrincipal> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM service_principals WHERE tenant = :tenant ORDER BY display_name, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<ServicePrincipal> listAll() {
        return handle.createQuery("SELECT * FROM service_principals ORDER BY tenant, id")
                .map(ROW)
                .list();
    }

    private void refuseTakenApp(ServicePrincipal principal) {
        if (findByAppId(principal.tenant(), principal.appId())
                .filter(other -> !other.id().equals(principal.id()))
                .isPresent()) {
            throw new DuplicateKey("appId", principal.appId().value());
        }
    }

    private static Update bind(ServicePrincipal principal, Update update) {
        return update.bind("tenant", principal.tenant().value())
                .bind("id", principal.id().value())
                .bind("appId", principal.appId().value())
                .bind("displayName", principal.displayName())
                .bind("enabled", principal.accountEnabled())
                .bind("required", principal.appRoleAssignmentRequired())
                .bind("tags", json(principal.tags()))
                .bind("created", micros(principal.created()));
    }
}

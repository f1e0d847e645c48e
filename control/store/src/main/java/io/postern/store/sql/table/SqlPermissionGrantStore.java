package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.texts;

import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.PermissionGrant;
import io.postern.store.PermissionGrantStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

record SqlPermissionGrantStore(Handle handle) implements PermissionGrantStore {
    private static final RowMapper<PermissionGrant> ROW = (row, context) -> new PermissionGrant(
            new TenantId(row.getString("tenant")),
            row.getString("id"),
            new ServicePrincipalId(row.getString("client")),
            Optional.of(row.getString("principal")).filter(p -> !p.isEmpty()).map(UserId::new),
            row.getString("resource"),
            Set.copyOf(texts(row, "scopes")),
            instant(row, "created"));

    @Override
    public void put(PermissionGrant grant) {
        handle.createUpdate("""
                        INSERT INTO permission_grants (tenant, id, client, principal, resource, scopes, created)
                        VALUES (:tenant, :id, :client, :principal, :resource, :scopes, :created)
                        ON CONFLICT (tenant, client, principal, resource)
                        DO UPDATE SET scopes = excluded.scopes, created = excluded.created""")
                .bind("tenant", grant.tenant().value())
                .bind("id", grant.id())
                .bind("client", grant.client().value())
                .bind("principal", grant.principal().map(UserId::value).orElse(""))
                .bind("resource", grant.resource())
                .bind("scopes", json(grant.scopes().stream().sorted().toList()))
                .bind("created", micros(grant.created()))
                .execute();
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM permission_grants WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public Optional<PermissionGrant> find(TenantId tenant, String id) {
        return query("id = :id", tenant).bind("id", id).map(ROW).findOne();
    }

    @Override
    public List<PermissionGrant> list(TenantId tenant) {
        return query("TRUE", tenant).map(ROW).list();
    }

    @Override
    public List<PermissionGrant> of(TenantId tenant, ServicePrincipalId client, UserId user) {
        return query("client = :client AND (principal = :user OR principal = '')", tenant)
                .bind("client", client.value())
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<PermissionGrant> ofUser(TenantId tenant, UserId user) {
        return query("principal = :user", tenant)
                .bind("user", user.value())
                .map(ROW)
                .list();
    }

    /// @param condition SQL of ours
    private Query query(String condition, TenantId tenant) {
        return handle.createQuery("SELECT * FROM permission_grants WHERE tenant = :tenant AND " + condition
                        + " ORDER BY created, id")
                .bind("tenant", tenant.value());
    }
}

package io.postern.store.sql.table;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.ApplicationPassword;
import io.postern.store.ApplicationPassword.Whose;
import io.postern.store.ApplicationPasswordStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlApplicationPasswordStore(Handle handle) implements ApplicationPasswordStore {
    private static final RowMapper<ApplicationPassword> ROW = (row, context) -> new ApplicationPassword(
            new TenantId(row.getString("tenant")),
            new ServicePrincipalId(row.getString("resource")),
            row.getString("user_id") == null
                    ? new Whose.OfGroup(new GroupId(row.getString("group_id")))
                    : new Whose.OfUser(new UserId(row.getString("user_id"))),
            row.getString("user_name"),
            row.getString("version"),
            Columns.instant(row, "changed"));

    @Override
    public boolean putKey(TenantId tenant, ConnectorId connector, String publicKey) {
        boolean isKnown = handle.createQuery("""
                        SELECT COUNT(*) FROM connector_seal_keys
                        WHERE tenant = :tenant AND connector = :connector AND public_key = :key\
                        """)
                        .bind("tenant", tenant.value())
                        .bind("connector", connector.value())
                        .bind("key", publicKey)
                        .mapTo(Integer.class)
                        .one()
                == 1;
        if (isKnown) {
            return false;
        }
        for (String table : List.of("sealed_passwords", "connector_seal_keys")) {
            handle.createUpdate("DELETE FROM " + table + " WHERE tenant = :tenant AND connector = :connector")
                    .bind("tenant", tenant.value())
                    .bind("connector", connector.value())
                    .execute();
        }
        handle.createUpdate("""
                        INSERT INTO connector_seal_keys (tenant, connector, public_key)
                        VALUES (:tenant, :connector, :key)\
                        """)
                .bind("tenant", tenant.value())
                .bind("connector", connector.value())
                .bind("key", publicKey)
                .execute();
        return true;
    }

    @Override
    public Map<ConnectorId, String> keys(TenantId tenant, ConnectorGroupId group) {
        return handle
                .createQuery("""
                        SELECT k.connector, k.public_key FROM connector_seal_keys k
                        JOIN connectors c ON c.tenant = k.tenant AND c.id = k.connector
                        WHERE k.tenant = :tenant AND c.group_id = :group AND c.account_enabled\
                        """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map((row, context) ->
                        Map.entry(new ConnectorId(row.getString("connector")), row.getString("public_key")))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public void put(ApplicationPassword password, Map<ConnectorId, String> sealed) {
        delete(password.tenant(), password.resource(), password.whose().id());
        handle.createUpdate("""
                        INSERT INTO application_passwords
                            (tenant, resource, principal, user_id, group_id, user_name, version, changed)
                        VALUES (:tenant, :resource, :principal, :user, :group, :name, :version, :changed)\
                        """)
                .bind("tenant", password.tenant().value())
                .bind("resource", password.resource().value())
                .bind("principal", password.whose().id())
                .bind("user", password.whose() instanceof Whose.OfUser user ? user.id() : null)
                .bind("group", password.whose() instanceof Whose.OfGroup group ? group.id() : null)
                .bind("name", password.userName())
                .bind("version", password.version())
                .bind("changed", Columns.micros(password.changed()))
                .execute();
        sealed.forEach((connector, text) -> insertCopy(
                password.tenant(), password.resource(), password.whose().id(), connector, text));
    }

    private void insertCopy(
            TenantId tenant, ServicePrincipalId resource, String principal, ConnectorId connector, String sealed) {
        handle.createUpdate("""
                        INSERT INTO sealed_passwords (tenant, resource, principal, connector, sealed)
                        VALUES (:tenant, :resource, :principal, :connector, :sealed)
                        ON CONFLICT (tenant, resource, principal, connector) DO UPDATE SET sealed = :sealed\
                        """)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("principal", principal)
                .bind("connector", connector.value())
                .bind("sealed", sealed)
                .execute();
    }

    @Override
    public Optional<ApplicationPassword> find(TenantId tenant, ServicePrincipalId resource, String principal) {
        return handle.createQuery("""
                        SELECT * FROM application_passwords
                        WHERE tenant = :tenant AND resource = :resource AND principal = :principal\
                        """)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .bind("principal", principal)
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<ApplicationPassword> forUser(TenantId tenant, ServicePrincipalId resource, UserId user) {
        return find(tenant, resource, user.value())
                .or(() -> handle.createQuery("""
                        SELECT p.* FROM application_passwords p
                        JOIN group_members m ON m.tenant = p.tenant AND m.group_id = p.group_id
                        JOIN user_groups g ON g.tenant = p.tenant AND g.id = p.group_id
                        WHERE p.tenant = :tenant AND p.resource = :resource AND m.user_id = :user
                        ORDER BY g.display_name, g.id LIMIT 1\
                        """)
                        .bind("tenant", tenant.value())
                        .bind("resource", resource.value())
                        .bind("user", user.value())
                        .map(ROW)
                        .findOne());
    }

    @Override
    public List<ApplicationPassword> list(TenantId tenant, ServicePrincipalId resource) {
        return handle.createQuery("""
                        SELECT * FROM application_passwords WHERE tenant = :tenant AND resource = :resource
                        ORDER BY principal\
                        """)
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(TenantId tenant, ServicePrincipalId resource, String principal) {
        return handle.createUpdate("""
                        DELETE FROM application_passwords
                        WHERE tenant = :tenant AND resource = :resource AND principal = :principal\
                        """)
                        .bind("tenant", tenant.value())
                        .bind("resource", resource.value())
                        .bind("principal", principal)
                        .execute()
                == 1;
    }

    @Override
    public Optional<String> sealed(ApplicationPassword password, ConnectorId connector) {
        return handle.createQuery("""
                        SELECT sealed FROM sealed_passwords WHERE tenant = :tenant AND resource = :resource
                            AND principal = :principal AND connector = :connector\
                        """)
                .bind("tenant", password.tenant().value())
                .bind("resource", password.resource().value())
                .bind("principal", password.whose().id())
                .bind("connector", connector.value())
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public List<Missing> missing(TenantId tenant, ConnectorGroupId group, ConnectorId connector, int max) {
        return handle.createQuery("""
                        SELECT p.resource, p.principal, p.version, own.sealed, k.connector, k.public_key
                        FROM application_passwords p
                        JOIN service_principals sp ON sp.tenant = p.tenant AND sp.id = p.resource
                        JOIN applications a ON a.tenant = sp.tenant AND a.app_id = sp.app_id
                        JOIN sealed_passwords own ON own.tenant = p.tenant AND own.resource = p.resource
                            AND own.principal = p.principal AND own.connector = :connector
                        JOIN connector_groups g ON g.tenant = a.tenant
                            AND (g.id = a.group_id OR (a.group_id IS NULL AND g.is_default))
                        JOIN connectors c ON c.tenant = g.tenant AND c.group_id = g.id AND c.account_enabled
                        JOIN connector_seal_keys k ON k.tenant = c.tenant AND k.connector = c.id
                        LEFT JOIN sealed_passwords copy ON copy.tenant = p.tenant AND copy.resource = p.resource
                            AND copy.principal = p.principal AND copy.connector = c.id
                        WHERE p.tenant = :tenant AND g.id = :group AND copy.sealed IS NULL
                        ORDER BY p.resource, p.principal, k.connector LIMIT :max\
                        """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("connector", connector.value())
                .bind("max", max)
                .map((row, context) -> new Missing(
                        new ServicePrincipalId(row.getString("resource")),
                        row.getString("principal"),
                        row.getString("version"),
                        row.getString("sealed"),
                        new ConnectorId(row.getString("connector")),
                        row.getString("public_key")))
                .list();
    }

    @Override
    public boolean addCopy(TenantId tenant, Missing missing, String sealed) {
        boolean isStill = handle.createQuery("""
                        SELECT COUNT(*) FROM application_passwords p
                        JOIN connector_seal_keys k ON k.tenant = p.tenant
                        WHERE p.tenant = :tenant AND p.resource = :resource AND p.principal = :principal
                            AND p.version = :version AND k.connector = :connector AND k.public_key = :key\
                        """)
                        .bind("tenant", tenant.value())
                        .bind("resource", missing.resource().value())
                        .bind("principal", missing.principal())
                        .bind("version", missing.version())
                        .bind("connector", missing.to().value())
                        .bind("key", missing.key())
                        .mapTo(Integer.class)
                        .one()
                == 1;
        if (isStill) {
            insertCopy(tenant, missing.resource(), missing.principal(), missing.to(), sealed);
        }
        return isStill;
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.TenantId;
import io.postern.store.ConnectorGroup;
import io.postern.store.ConnectorGroupStore;
import io.postern.store.DuplicateKey;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlConnectorGroupStore(Handle handle) implements ConnectorGroupStore {
    private static final RowMapper<ConnectorGroup> ROW = (row, context) -> new ConnectorGroup(
            new TenantId(row.getString("tenant")),
            new ConnectorGroupId(row.getString("id")),
            row.getString("name"),
            row.getBoolean("is_default"),
            textIfAny(row, "region"),
            instant(row, "created"));

    @Override
    public void insert(ConnectorGroup group) {
        refuseTakenName(group);
        bind(group, handle.createUpdate("""
                INSERT INTO connector_groups (tenant, id, name, name_key, is_default, region, created)
                VALUES (:tenant, :id, :name, :nameKey, :isDefault, :region, :created)""")).execute();
    }

    @Override
    public boolean update(ConnectorGroup group) {
        refuseTakenName(group);
        return bind(group, handle.createUpdate("""
                UPDATE connector_groups SET name = :name, name_key = :nameKey, is_default = :isDefault,
                    region = :region, created = :created
                WHERE tenant = :tenant AND id = :id""")).execute() == 1;
    }

    @Override
    public boolean delete(TenantId tenant, ConnectorGroupId id) {
        return handle.createUpdate("DELETE FROM connector_groups WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<ConnectorGroup> find(TenantId tenant, ConnectorGroupId id) {
        return handle.createQuery("SELECT * FROM connector_groups WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<ConnectorGroup> findByName(TenantId tenant, String name) {
        return handle.createQuery("SELECT * FROM connector_groups WHERE tenant = :tenant AND name_key = :key")
                .bind("tenant", tenant.value())
                .bind("key", key(name))
                .map(ROW)
                .findOne();
    }

    @Override
    public ConnectorGroup defaultGroup(TenantId tenant) {
        return handle.createQuery("SELECT * FROM connector_groups WHERE tenant = :tenant AND is_default")
                .bind("tenant", tenant.value())
                .map(ROW)
                .findOne()
                .orElseThrow(() -> new IllegalStateException("tenant " + tenant + " has no default connector group"));
    }

    @Override
    public List<ConnectorGroup> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM connector_groups WHERE tenant = :tenant ORDER BY name_key")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    private void refuseTakenName(ConnectorGroup group) {
        if (findByName(group.tenant(), group.name())
                .filter(other -> !other.id().equals(group.id()))
                .isPresent()) {
            throw new DuplicateKey("name", group.name());
        }
    }

    private static Update bind(ConnectorGroup group, Update update) {
        return update.bind("tenant", group.tenant().value())
                .bind("id", group.id().value())
                .bind("name", group.name())
                .bind("nameKey", key(group.name()))
                .bind("isDefault", group.isDefault())
                .bind("region", group.region().orElse(null))
                .bind("created", micros(group.created()));
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.store.Connector;
import io.postern.store.ConnectorStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

record SqlConnectorStore(Handle handle) implements ConnectorStore {
    private static final RowMapper<Connector> ROW = (row, context) -> new Connector(
            new TenantId(row.getString("tenant")),
            new ConnectorId(row.getString("id")),
            new ConnectorGroupId(row.getString("group_id")),
            row.getString("machine_name"),
            textIfAny(row, "external_ip"),
            row.getString("version"),
            row.getString("certificate_fingerprint"),
            instant(row, "certificate_expires"),
            instant(row, "created"),
            instantIfAny(row, "last_seen"));

    @Override
    public void insert(Connector connector) {
        bind(connector, handle.createUpdate("""
                INSERT INTO connectors (tenant, id, group_id, machine_name, external_ip, version,
                    certificate_fingerprint, certificate_expires, created, last_seen)
                VALUES (:tenant, :id, :group, :machineName, :externalIp, :version, :fingerprint, :expires, :created,
                    :lastSeen)""")).execute();
    }

    @Override
    public boolean update(Connector connector) {
        return bind(connector, handle.createUpdate("""
                UPDATE connectors SET group_id = :group, machine_name = :machineName, external_ip = :externalIp,
                    version = :version, certificate_fingerprint = :fingerprint, certificate_expires = :expires,
                    created = :created, last_seen = :lastSeen
                WHERE tenant = :tenant AND id = :id""")).execute() == 1;
    }

    @Override
    public boolean seen(ConnectorId id, Instant when, String externalIp, String machineName, String version) {
        return handle.createUpdate("""
                        UPDATE connectors SET last_seen = :when, external_ip = :externalIp,
                            machine_name = :machineName, version = :version
                        WHERE id = :id""")
                        .bind("id", id.value())
                        .bind("when", micros(when))
                        .bind("externalIp", externalIp)
                        .bind("machineName", machineName)
                        .bind("version", version)
                        .execute()
                == 1;
    }

    @Override
    public boolean delete(TenantId tenant, ConnectorId id) {
        return handle.createUpdate("DELETE FROM connectors WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<Connector> find(TenantId tenant, ConnectorId id) {
        return handle.createQuery("SELECT * FROM connectors WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Connector> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM connectors WHERE tenant = :tenant ORDER BY created, id")
                .bind("tenant", tenant.value())
                .map(ROW)
                .list();
    }

    @Override
    public List<Connector> listAll() {
        return handle.createQuery("SELECT * FROM connectors ORDER BY tenant, created, id")
                .map(ROW)
                .list();
    }

    @Override
    public List<Connector> inGroup(TenantId tenant, ConnectorGroupId group) {
        return handle.createQuery("""
                        SELECT * FROM connectors WHERE tenant = :tenant AND group_id = :group ORDER BY created, id""")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map(ROW)
                .list();
    }

    private static Update bind(Connector connector, Update update) {
        return update.bind("tenant", connector.tenant().value())
                .bind("id", connector.id().value())
                .bind("group", connector.group().value())
                .bind("machineName", connector.machineName())
                .bind("externalIp", connector.externalIp().orElse(null))
                .bind("version", connector.version())
                .bind("fingerprint", connector.certificateFingerprint())
                .bind("expires", micros(connector.certificateExpires()))
                .bind("created", micros(connector.created()))
                .bind("lastSeen", micros(connector.lastSeen()));
    }
}

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
import java.sql.ResultSet;
import java.sql.SQLException;
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
            instantIfAny(row, "last_seen"),
            row.getBoolean("account_enabled"),
            renewed(row));

    @Override
    public void insert(Connector connector) {
        bind(connector, handle.createUpdate("""
                INSERT INTO connectors (tenant, id, group_id, machine_name, external_ip, version,
                    certificate_fingerprint, certificate_expires, created, last_seen, account_enabled,
                    next_certificate_fingerprint, next_certificate_expires)
                VALUES (:tenant, :id, :group, :machineName, :externalIp, :version, :fingerprint, :expires, :created,
                    :lastSeen, :enabled, :nextFingerprint, :nextExpires)""")).execute();
    }

    @Override
    public boolean update(Connector connector) {
        return bind(connector, handle.createUpdate("""
                UPDATE connectors SET group_id = :group, machine_name = :machineName, external_ip = :externalIp,
                    version = :version, certificate_fingerprint = :fingerprint, certificate_expires = :expires,
                    created = :created, last_seen = :lastSeen, account_enabled = :enabled,
                    next_certificate_fingerprint = :nextFingerprint, next_certificate_expires = :nextExpires
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
    public boolean renewedIsUsed(ConnectorId id, String fingerprint) {
        return handle.createUpdate("""
                        UPDATE connectors SET certificate_fingerprint = next_certificate_fingerprint,
                            certificate_expires = next_certificate_expires,
                            next_certificate_fingerprint = NULL, next_certificate_expires = NULL
                        WHERE id = :id AND next_certificate_fingerprint = :fingerprint""")
                        .bind("id", id.value())
                        .bind("fingerprint", fingerprint)
                        .execute()
                == 1;
    }

    @Override
    public Optional<Connector> findByCertificate(String fingerprint) {
        return handle.createQuery("""
                        SELECT * FROM connectors
                        WHERE certificate_fingerprint = :fingerprint OR next_certificate_fingerprint = :fingerprint""").bind("fingerprint", fingerprint).map(ROW).findOne();
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

    @Override
    public List<Connector> unseenSince(Instant since) {
        return handle.createQuery("""
                        SELECT * FROM connectors WHERE account_enabled AND COALESCE(last_seen, created) < :since
                        ORDER BY tenant, id""").bind("since", micros(since)).map(ROW).list();
    }

    private static Optional<Connector.Renewed> renewed(ResultSet row) throws SQLException {
        String fingerprint = row.getString("next_certificate_fingerprint");
        return fingerprint == null
                ? Optional.empty()
                : Optional.of(new Connector.Renewed(fingerprint, instant(row, "next_certificate_expires")));
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
                .bind("lastSeen", micros(connector.lastSeen()))
                .bind("enabled", connector.enabled())
                .bind(
                        "nextFingerprint",
                        connector.renewed().map(Connector.Renewed::fingerprint).orElse(null))
                .bind("nextExpires", micros(connector.renewed().map(Connector.Renewed::expires)));
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.ConnectorGroupId;
import io.postern.domain.ConnectorId;
import io.postern.domain.TenantId;
import io.postern.domain.update.UpdatePolicy;
import io.postern.store.ConnectorUpdate;
import io.postern.store.UpdateLease;
import io.postern.store.UpdateStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlUpdateStore(Handle handle) implements UpdateStore {
    private static final RowMapper<UpdatePolicy> POLICY = (row, context) ->
            new UpdatePolicy(row.getBoolean("overrides"), instantIfAny(row, "defer_until"), window(row));
    private static final RowMapper<ConnectorUpdate> UPDATE = (row, context) -> new ConnectorUpdate(
            new TenantId(row.getString("tenant")),
            new ConnectorId(row.getString("connector")),
            row.getString("running"),
            textIfAny(row, "offered"),
            textIfAny(row, "failed"),
            row.getBoolean("requested"),
            ConnectorUpdate.State.valueOf(row.getString("state")),
            row.getString("reason"),
            instant(row, "since"),
            instantIfAny(row, "asked"));
    private static final RowMapper<UpdateLease> LEASE = (row, context) -> new UpdateLease(
            new TenantId(row.getString("tenant")),
            new ConnectorGroupId(row.getString("group_id")),
            row.getString("id"),
            new ConnectorId(row.getString("connector")),
            row.getString("version"),
            instant(row, "expires"));

    @Override
    public UpdatePolicy policy(TenantId tenant) {
        return handle.createQuery("SELECT * FROM update_policies WHERE tenant = :tenant")
                .bind("tenant", tenant.value())
                .map(POLICY)
                .findOne()
                .orElse(UpdatePolicy.NONE);
    }

    @Override
    public void setPolicy(TenantId tenant, UpdatePolicy policy) {
        handle.createUpdate("""
                INSERT INTO update_policies (tenant, overrides, defer_until, window_start, window_end)
                VALUES (:tenant, :overrides, :deferUntil, :start, :end)
                ON CONFLICT (tenant) DO UPDATE SET overrides = excluded.overrides,
                    defer_until = excluded.defer_until, window_start = excluded.window_start,
                    window_end = excluded.window_end""")
                .bind("tenant", tenant.value())
                .bind("overrides", policy.override())
                .bind("deferUntil", micros(policy.deferUntil()))
                .bind(
                        "start",
                        policy.window().map(w -> w.start().toSecondOfDay()).orElse(null))
                .bind("end", policy.window().map(w -> w.end().toSecondOfDay()).orElse(null))
                .execute();
    }

    @Override
    public Optional<ConnectorUpdate> find(TenantId tenant, ConnectorId connector) {
        return handle.createQuery("SELECT * FROM connector_updates WHERE tenant = :tenant AND connector = :connector")
                .bind("tenant", tenant.value())
                .bind("connector", connector.value())
                .map(UPDATE)
                .findOne();
    }

    @Override
    public List<ConnectorUpdate> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM connector_updates WHERE tenant = :tenant ORDER BY connector")
                .bind("tenant", tenant.value())
                .map(UPDATE)
                .list();
    }

    @Override
    public void put(ConnectorUpdate update) {
        handle.createUpdate("""
                INSERT INTO connector_updates (tenant, connector, running, offered, failed, requested, state, reason,
                    since, asked)
                VALUES (:tenant, :connector, :running, :offered, :failed, :requested, :state, :reason, :since, :asked)
                ON CONFLICT (tenant, connector) DO UPDATE SET running = excluded.running,
                    offered = excluded.offered, failed = excluded.failed, requested = excluded.requested,
                    state = excluded.state, reason = excluded.reason, since = excluded.since,
                    asked = excluded.asked""")
                .bind("tenant", update.tenant().value())
                .bind("connector", update.connector().value())
                .bind("running", update.running())
                .bind("offered", update.offered().orElse(null))
                .bind("failed", update.failed().orElse(null))
                .bind("requested", update.requested())
                .bind("state", update.state().name())
                .bind("reason", update.reason())
                .bind("since", micros(update.since()))
                .bind("asked", micros(update.asked()))
                .execute();
    }

    @Override
    public Optional<UpdateLease> lease(TenantId tenant, ConnectorGroupId group) {
        return handle.createQuery("SELECT * FROM update_leases WHERE tenant = :tenant AND group_id = :group")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map(LEASE)
                .findOne();
    }

    @Override
    public Optional<UpdateLease> lease(String id) {
        return handle.createQuery("SELECT * FROM update_leases WHERE id = :id")
                .bind("id", id)
                .map(LEASE)
                .findOne();
    }

    @Override
    public void putLease(UpdateLease lease) {
        handle.createUpdate("""
                INSERT INTO update_leases (tenant, group_id, id, connector, version, expires)
                VALUES (:tenant, :group, :id, :connector, :version, :expires)
                ON CONFLICT (tenant, group_id) DO UPDATE SET id = excluded.id, connector = excluded.connector,
                    version = excluded.version, expires = excluded.expires""")
                .bind("tenant", lease.tenant().value())
                .bind("group", lease.group().value())
                .bind("id", lease.id())
                .bind("connector", lease.connector().value())
                .bind("version", lease.version())
                .bind("expires", micros(lease.expires()))
                .execute();
    }

    @Override
    public boolean endLease(String id) {
        return handle.createUpdate("DELETE FROM update_leases WHERE id = :id")
                        .bind("id", id)
                        .execute()
                == 1;
    }

    private static Optional<UpdatePolicy.Window> window(ResultSet row) throws SQLException {
        int start = row.getInt("window_start");
        if (row.wasNull()) {
            return Optional.empty();
        }
        return Optional.of(new UpdatePolicy.Window(
                LocalTime.ofSecondOfDay(start), LocalTime.ofSecondOfDay(row.getInt("window_end"))));
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.base.Secret;
import io.postern.domain.AppId;
import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.snapshot.Trace;
import io.postern.store.TraceRun;
import io.postern.store.TraceStore;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

record SqlTraceStore(Handle handle) implements TraceStore {
    private static final RowMapper<Trace> TRACE = (row, context) -> new Trace(
            row.getString("id"),
            new AppId(row.getString("app_id")),
            new UserId(row.getString("user_id")),
            instant(row, "ends"),
            Secret.of(HexFormat.of().parseHex(row.getString("mark_key"))));
    private static final RowMapper<TraceRun> RUN = (row, context) -> new TraceRun(
            TRACE.map(row, context),
            new TenantId(row.getString("tenant")),
            new ObjectId(row.getString("application")),
            row.getString("application_name"),
            row.getString("user_name"),
            row.getString("started_by"),
            instant(row, "started"),
            row.getInt("exchanges"),
            row.getLong("bytes"),
            row.getInt("missed"));

    @Override
    public void insert(TraceRun run) {
        handle.createUpdate("""
                INSERT INTO traces (id, tenant, application, app_id, application_name, user_id, user_name, started_by,
                    started, ends, mark_key, exchanges, bytes, missed)
                VALUES (:id, :tenant, :application, :appId, :applicationName, :user, :userName, :startedBy,
                    :started, :ends, :markKey, 0, 0, 0)""")
                .bind("id", run.trace().id())
                .bind("tenant", run.tenant().value())
                .bind("application", run.application().value())
                .bind("appId", run.trace().application().value())
                .bind("applicationName", run.applicationName())
                .bind("user", run.trace().user().value())
                .bind("userName", run.userName())
                .bind("startedBy", run.startedBy())
                .bind("started", micros(run.started()))
                .bind("ends", micros(run.trace().ends()))
                .bind("markKey", HexFormat.of().formatHex(run.trace().markKey().bytes()))
                .execute();
    }

    @Override
    public Optional<TraceRun> find(TenantId tenant, String id) {
        return handle.createQuery("SELECT * FROM traces WHERE tenant = :tenant AND id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(RUN)
                .findOne();
    }

    @Override
    public List<TraceRun> list(TenantId tenant) {
        return handle.createQuery("SELECT * FROM traces WHERE tenant = :tenant ORDER BY started DESC, id")
                .bind("tenant", tenant.value())
                .map(RUN)
                .list();
    }

    @Override
    public List<Trace> running(Instant now) {
        return handle.createQuery("SELECT * FROM traces WHERE ends > :now")
                .bind("now", micros(now))
                .map(TRACE)
                .list();
    }

    @Override
    public boolean end(TenantId tenant, String id, Instant ends) {
        return handle.createUpdate(
                                "UPDATE traces SET ends = :ends WHERE tenant = :tenant AND id = :id AND ends > :ends")
                        .bind("ends", micros(ends))
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public boolean delete(TenantId tenant, String id) {
        return handle.createUpdate("DELETE FROM traces WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    @Override
    public void note(
            String id, String exchange, Instant started, String entry, int missed, int exchangesMax, long bytesMax) {
        // the row of the trace is locked by this, so that nodes that write at once count together
        boolean room = handle.createUpdate("""
                        UPDATE traces SET exchanges = exchanges + 1, bytes = bytes + :bytes, missed = missed + :missed
                        WHERE id = :id AND exchanges < :exchangesMax AND bytes + :bytes <= :bytesMax""")
                        .bind("bytes", entry.length())
                        .bind("missed", missed)
                        .bind("id", id)
                        .bind("exchangesMax", exchangesMax)
                        .bind("bytesMax", bytesMax)
                        .execute()
                == 1;
        if (room) {
            handle.createUpdate("""
                    INSERT INTO traced_exchanges (trace, exchange, started, entry)
                    VALUES (:id, :exchange, :started, :entry)""")
                    .bind("id", id)
                    .bind("exchange", exchange)
                    .bind("started", micros(started))
                    .bind("entry", entry)
                    .execute();
        } else {
            handle.createUpdate("UPDATE traces SET missed = missed + :missed WHERE id = :id")
                    .bind("missed", missed + 1)
                    .bind("id", id)
                    .execute();
        }
    }

    @Override
    public List<String> entries(TenantId tenant, String id) {
        return handle.createQuery("""
                        SELECT e.entry FROM traced_exchanges e JOIN traces t ON t.id = e.trace
                        WHERE t.tenant = :tenant AND t.id = :id ORDER BY e.started, e.exchange""")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .mapTo(String.class)
                .list();
    }

    @Override
    public int purge(Instant endedBefore) {
        return handle.createUpdate("DELETE FROM traces WHERE ends < :before")
                .bind("before", micros(endedBefore))
                .execute();
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instantIfAny;
import static io.postern.store.sql.table.Columns.json;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;
import static io.postern.store.sql.table.Columns.textLists;

import io.postern.domain.TenantId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.SyncFault;
import io.postern.store.SyncObject;
import io.postern.store.SyncStore.Due;
import io.postern.store.SyncStore.OfSource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.Update;

/// What is kept of the objects of one source.
record SyncRows(Handle handle, TenantId tenant, String source) {
    private static final String PUT = """
            INSERT INTO sync_objects (tenant, source, anchor, kind, dn, dn_key, attributes, target, seen, gone,
                dirty, deleted, fault_code, fault_message, fault_remedy, due, sid, primary_group)
            VALUES (:tenant, :source, :anchor, :kind, :dn, :key, :attributes, :target, :seen, :gone, :dirty,
                :deleted, :faultCode, :faultMessage, :faultRemedy, :due, :sid, :primaryGroup)
            ON CONFLICT (tenant, source, anchor) DO UPDATE SET kind = excluded.kind, dn = excluded.dn,
                dn_key = excluded.dn_key, attributes = excluded.attributes, target = excluded.target,
                seen = excluded.seen, gone = excluded.gone, dirty = excluded.dirty, deleted = excluded.deleted,
                fault_code = excluded.fault_code, fault_message = excluded.fault_message,
                fault_remedy = excluded.fault_remedy, due = excluded.due, sid = excluded.sid,
                primary_group = excluded.primary_group""";

    static final RowMapper<SyncObject> OBJECT = (row, context) -> object(row);

    private static SyncObject object(ResultSet row) throws SQLException {
        Optional<String> code = textIfAny(row, "fault_code");
        String message = textIfAny(row, "fault_message").orElse("");
        String remedy = textIfAny(row, "fault_remedy").orElse("");
        return new SyncObject(
                row.getString("anchor"),
                Kind.valueOf(row.getString("kind")),
                new DirectoryName(row.getString("dn"), row.getString("dn_key")),
                textLists(row, "attributes"),
                textIfAny(row, "target"),
                row.getString("seen"),
                row.getBoolean("gone"),
                row.getBoolean("dirty"),
                instantIfAny(row, "due"),
                instantIfAny(row, "deleted"),
                code.map(known -> new SyncFault(known, message, remedy)));
    }

    static Optional<OfSource> ofTarget(Handle handle, TenantId tenant, String target) {
        return handle.createQuery("SELECT * FROM sync_objects WHERE tenant = :tenant AND target = :target")
                .bind("tenant", tenant.value())
                .bind("target", target)
                .map((row, context) -> new OfSource(row.getString("source"), OBJECT.map(row, context)))
                .findOne();
    }

    static List<Due> due(Handle handle, Instant now, int limit) {
        return handle.createQuery("SELECT * FROM sync_objects WHERE due <= :now ORDER BY due LIMIT :limit")
                .bind("now", micros(now))
                .bind("limit", limit)
                .map((row, context) -> new Due(
                        new TenantId(row.getString("tenant")), row.getString("source"), OBJECT.map(row, context)))
                .list();
    }

    List<SyncObject> objects(Collection<String> anchors) {
        return anchors.isEmpty()
                ? List.of()
                : query(
                                "SELECT * FROM sync_objects WHERE tenant = :tenant AND source = :source AND anchor IN (<anchors>)")
                        .bindList("anchors", List.copyOf(anchors))
                        .map(OBJECT)
                        .list();
    }

    Optional<SyncObject> named(DirectoryName name) {
        return query("""
                        SELECT * FROM sync_objects
                        WHERE tenant = :tenant AND source = :source AND dn_key = :key AND deleted IS NULL
                        ORDER BY gone, anchor LIMIT 1""").bind("key", name.key()).map(OBJECT).findOne();
    }

    List<SyncObject> below(DirectoryName name) {
        String end = "," + name.key();
        return query("""
                        SELECT * FROM sync_objects WHERE tenant = :tenant AND source = :source AND deleted IS NULL
                            AND length(dn_key) > :length AND substr(dn_key, length(dn_key) - :length + 1) = :end""")
                .bind("length", end.codePointCount(0, end.length()))
                .bind("end", end)
                .map(OBJECT)
                .list();
    }

    void put(SyncObject object) {
        bind(object, handle.createUpdate(PUT)).execute();
    }

    void putAll(Collection<SyncObject> objects) {
        if (objects.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(PUT)) {
            objects.forEach(object -> bind(object, batch).add());
            batch.execute();
        }
    }

    private <S extends SqlStatement<S>> S bind(SyncObject object, S statement) {
        return statement
                .bind("tenant", tenant.value())
                .bind("source", source)
                .bind("anchor", object.anchor())
                .bind("kind", object.kind().name())
                .bind("dn", object.name().text())
                .bind("key", object.name().key())
                .bind("attributes", json(object.attributes()))
                .bind("target", object.target().orElse(null))
                .bind("seen", object.seen())
                .bind("gone", object.gone())
                .bind("dirty", object.dirty())
                .bind("deleted", micros(object.deleted()))
                .bind("due", micros(object.due()))
                .bind("sid", object.identifier().orElse(null))
                .bind("primaryGroup", object.primaryGroup().orElse(null))
                .bind("faultCode", object.fault().map(SyncFault::code).orElse(null))
                .bind("faultMessage", object.fault().map(SyncFault::message).orElse(null))
                .bind("faultRemedy", object.fault().map(SyncFault::remedy).orElse(null));
    }

    /// A group goes with its members.
    void forget(String anchor) {
        for (String table : List.of("sync_members", "sync_member_pieces")) {
            update("DELETE FROM " + table + " WHERE tenant = :tenant AND source = :source AND group_anchor = :anchor")
                    .bind("anchor", anchor)
                    .execute();
        }
        update("DELETE FROM sync_objects WHERE tenant = :tenant AND source = :source AND anchor = :anchor")
                .bind("anchor", anchor)
                .execute();
    }

    void seen(Collection<String> anchors, String job) {
        if (!anchors.isEmpty()) {
            update("""
                    UPDATE sync_objects SET seen = :job
                    WHERE tenant = :tenant AND source = :source AND anchor IN (<anchors>)""")
                    .bind("job", job)
                    .bindList("anchors", List.copyOf(anchors))
                    .execute();
        }
    }

    void unseenAreGone(String job) {
        update("""
                UPDATE sync_objects SET gone = TRUE WHERE tenant = :tenant AND source = :source AND seen <> :job
                    AND kind <> 'OTHER' AND deleted IS NULL""").bind("job", job).execute();
    }

    /// @param condition of ours, never of anybody's input
    List<SyncObject> where(String condition, int limit) {
        return query("SELECT * FROM sync_objects WHERE tenant = :tenant AND source = :source AND " + condition
                        + " ORDER BY anchor LIMIT :limit")
                .bind("limit", limit)
                .map(OBJECT)
                .list();
    }

    List<SyncObject> faults(String after, int limit) {
        return query("""
                        SELECT * FROM sync_objects WHERE tenant = :tenant AND source = :source
                            AND fault_code IS NOT NULL AND anchor > :after ORDER BY anchor LIMIT :limit""").bind("after", after).bind("limit", limit).map(OBJECT).list();
    }

    long count(String condition) {
        return query("SELECT count(*) FROM sync_objects WHERE tenant = :tenant AND source = :source AND " + condition)
                .mapTo(Long.class)
                .one();
    }

    private Query query(String sql) {
        return handle.createQuery(sql).bind("tenant", tenant.value()).bind("source", source);
    }

    private Update update(String sql) {
        return handle.createUpdate(sql).bind("tenant", tenant.value()).bind("source", source);
    }
}

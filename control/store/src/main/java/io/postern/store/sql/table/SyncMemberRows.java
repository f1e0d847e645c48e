package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/// Who is in the groups of one source, by distinguished name: also who is not here, or not yet.
record SyncMemberRows(Handle handle, TenantId tenant, String source) {
    Set<String> of(String group) {
        return new TreeSet<>(handle.createQuery("""
                        SELECT member FROM sync_members
                        WHERE tenant = :tenant AND source = :source AND group_anchor = :group""")
                .bind("tenant", tenant.value())
                .bind("source", source)
                .bind("group", group)
                .mapTo(String.class)
                .list());
    }

    void add(String group, Collection<String> members) {
        batch("""
                INSERT INTO sync_members (tenant, source, group_anchor, member)
                VALUES (:tenant, :source, :group, :member) ON CONFLICT DO NOTHING""", group, members);
    }

    void remove(String group, Collection<String> members) {
        batch("""
                DELETE FROM sync_members WHERE tenant = :tenant AND source = :source AND group_anchor = :group
                    AND member = :member""", group, members);
    }

    void addPiece(String group, boolean first, Collection<String> members) {
        if (first) {
            forgetPieces(group);
        }
        batch("""
                INSERT INTO sync_member_pieces (tenant, source, group_anchor, member)
                VALUES (:tenant, :source, :group, :member) ON CONFLICT DO NOTHING""", group, members);
    }

    /// @return whether it makes a difference
    boolean replaceByPieces(String group) {
        int gone = update("""
                DELETE FROM sync_members WHERE tenant = :tenant AND source = :source AND group_anchor = :group
                    AND member NOT IN (SELECT member FROM sync_member_pieces
                        WHERE tenant = :tenant AND source = :source AND group_anchor = :group)""").bind("group", group).execute();
        int come = update("""
                INSERT INTO sync_members (tenant, source, group_anchor, member)
                SELECT tenant, source, group_anchor, member FROM sync_member_pieces
                WHERE tenant = :tenant AND source = :source AND group_anchor = :group
                ON CONFLICT DO NOTHING""").bind("group", group).execute();
        forgetPieces(group);
        return gone + come > 0;
    }

    private void forgetPieces(String group) {
        update("DELETE FROM sync_member_pieces WHERE tenant = :tenant AND source = :source AND group_anchor = :group")
                .bind("group", group)
                .execute();
    }

    /// Also who is to be deleted, as long as he is not: where too many are, nothing must be lost. Who has no target is
    /// sorted out here, and CROSS JOIN keeps the order: SQLite would begin with all objects otherwise.
    List<String> targets(String group, Kind kind) {
        return handle
                .createQuery("""
                        SELECT DISTINCT o.target FROM sync_members m
                        CROSS JOIN sync_objects o
                        WHERE o.tenant = m.tenant AND o.source = m.source AND o.dn_key = m.member AND m.tenant = :tenant AND m.source = :source AND m.group_anchor = :group
                            AND o.kind = :kind AND o.deleted IS NULL""")
                .bind("tenant", tenant.value())
                .bind("source", source)
                .bind("group", group)
                .bind("kind", kind.name())
                .map((row, context) -> Columns.textIfAny(row, "target"))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    List<String> primary(String identifier) {
        return handle
                .createQuery("""
                        SELECT target FROM sync_objects WHERE tenant = :tenant AND source = :source
                            AND primary_group = :identifier AND deleted IS NULL""")
                .bind("tenant", tenant.value())
                .bind("source", source)
                .bind("identifier", identifier)
                .map((row, context) -> Columns.textIfAny(row, "target"))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    void rename(DirectoryName before, DirectoryName after) {
        update("""
                INSERT INTO sync_members (tenant, source, group_anchor, member)
                SELECT tenant, source, group_anchor, :after FROM sync_members
                WHERE tenant = :tenant AND source = :source AND member = :before ON CONFLICT DO NOTHING""").bind("before", before.key()).bind("after", after.key()).execute();
        update("DELETE FROM sync_members WHERE tenant = :tenant AND source = :source AND member = :before")
                .bind("before", before.key())
                .execute();
    }

    /// In two steps: SQLite would look at every object for each member otherwise.
    void touchGroupsOf(Collection<String> members) {
        if (members.isEmpty()) {
            return;
        }
        List<String> groups = handle.createQuery("""
                        SELECT DISTINCT group_anchor FROM sync_members
                        WHERE tenant = :tenant AND source = :source AND member IN (<members>)""")
                .bind("tenant", tenant.value())
                .bind("source", source)
                .bindList("members", List.copyOf(members))
                .mapTo(String.class)
                .list();
        touch("anchor", groups);
    }

    void touchPrimary(Collection<String> identifiers) {
        touch("sid", identifiers);
    }

    private void touch(String column, Collection<String> values) {
        if (!values.isEmpty()) {
            update("UPDATE sync_objects SET dirty = TRUE WHERE tenant = :tenant AND source = :source AND " + column
                            + " IN (<values>) AND NOT dirty")
                    .bindList("values", List.copyOf(values))
                    .execute();
        }
    }

    private void batch(String sql, String group, Collection<String> members) {
        if (members.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            for (String member : members) {
                batch.bind("tenant", tenant.value())
                        .bind("source", source)
                        .bind("group", group)
                        .bind("member", member)
                        .add();
            }
            batch.execute();
        }
    }

    private Update update(String sql) {
        return handle.createUpdate(sql).bind("tenant", tenant.value()).bind("source", source);
    }
}

package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.store.SyncStore.Target;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/// Who is in the groups of one source, by distinguished name: also who is not here, or not yet.
record SyncMemberRows(Handle handle, TenantId tenant, String source) {
    /// In one question.
    private static final int NAMES_MAX = 500;

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

    /// Also who is to be deleted, as long as he is not: where too many are, nothing must be lost. By names, not
    /// by a join: PostgreSQL would look at every object of the source for each group, until it knows how many
    /// there are.
    List<Target> targets(String group) {
        var targets = new LinkedHashSet<Target>();
        List<String> members = List.copyOf(of(group));
        for (int i = 0; i < members.size(); i += NAMES_MAX) {
            handle.createQuery("""
                            SELECT kind, target FROM sync_objects WHERE tenant = :tenant AND source = :source
                                AND dn_key IN (<names>) AND deleted IS NULL AND kind <> 'OTHER'""")
                    .bind("tenant", tenant.value())
                    .bind("source", source)
                    .bindList("names", members.subList(i, Math.min(i + NAMES_MAX, members.size())))
                    .map((row, context) -> {
                        Kind kind = Kind.valueOf(row.getString("kind"));
                        return Columns.textIfAny(row, "target").map(id -> new Target(kind, id));
                    })
                    .forEach(target -> target.ifPresent(targets::add));
        }
        return List.copyOf(targets);
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

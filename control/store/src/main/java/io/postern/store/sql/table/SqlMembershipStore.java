package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.key;
import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.MembershipStore;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

record SqlMembershipStore(Handle handle) implements MembershipStore {
    /// So many who come and go are each looked at; of more the whole rule is asked.
    private static final int SINGLE_MAX = 50;

    @Override
    public void ruleSet(TenantId tenant, GroupId group, Collection<GroupId> sources) {
        forgetSources(tenant, group);
        for (GroupId source : sources) {
            handle.createUpdate("""
                INSERT INTO group_rule_sources (tenant, group_id, source)
                VALUES (:tenant, :group, :source) ON CONFLICT DO NOTHING\
                """)
                    .bind("tenant", tenant.value())
                    .bind("group", group.value())
                    .bind("source", source.value())
                    .execute();
        }
        MembershipNotes.group(handle, tenant, group.value());
    }

    @Override
    public void ruleGone(TenantId tenant, GroupId group) {
        forgetSources(tenant, group);
        handle.createUpdate("UPDATE user_groups SET rule_due = NULL WHERE tenant = :tenant AND id = :group")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .execute();
    }

    private void forgetSources(TenantId tenant, GroupId group) {
        handle.createUpdate("DELETE FROM group_rule_sources WHERE tenant = :tenant AND group_id = :group")
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .execute();
    }

    @Override
    public List<GroupId> dependents(TenantId tenant, GroupId source) {
        return dependents(handle, tenant, source).stream().map(GroupId::new).toList();
    }

    static List<String> dependents(Handle handle, TenantId tenant, GroupId source) {
        return handle.createQuery("""
            SELECT group_id FROM group_rule_sources WHERE tenant = :tenant AND source = :source
            ORDER BY group_id\
            """)
                .bind("tenant", tenant.value())
                .bind("source", source.value())
                .mapTo(String.class)
                .list();
    }

    @Override
    public List<Group> inForce(TenantId tenant) {
        return handle.createQuery("""
            SELECT * FROM user_groups
            WHERE tenant = :tenant AND membership_rule IS NOT NULL AND NOT rule_paused ORDER BY id\
            """)
                .bind("tenant", tenant.value())
                .map(SqlGroupStore.ROW)
                .list();
    }

    @Override
    public long count(TenantId tenant) {
        return handle.createQuery(
                        "SELECT count(*) FROM user_groups WHERE tenant = :tenant AND membership_rule IS NOT NULL")
                .bind("tenant", tenant.value())
                .mapTo(Long.class)
                .one();
    }

    @Override
    public boolean pending(Instant now) {
        return handle.createQuery("SELECT 1 FROM membership_notes LIMIT 1")
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent()
                || handle.createQuery("SELECT 1 FROM user_groups WHERE rule_due <= :now LIMIT 1")
                        .bind("now", micros(now))
                        .mapTo(Integer.class)
                        .findOne()
                        .isPresent();
    }

    @Override
    public List<Note> notes(boolean users, int limit) {
        return handle.createQuery("SELECT id, tenant, subject_id FROM membership_notes WHERE subject = :subject"
                        + " ORDER BY id LIMIT :limit") // ids are random: one tenant's flood does not starve another's
                .bind("subject", users ? "USER" : "GROUP")
                .bind("limit", limit)
                .map((row, context) -> new Note(
                        row.getString("id"), new TenantId(row.getString("tenant")), users, row.getString("subject_id")))
                .list();
    }

    @Override
    public void done(Collection<Note> notes) {
        if (notes.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("DELETE FROM membership_notes WHERE id = :id");
        notes.forEach(note -> batch.bind("id", note.id()).add());
        batch.execute();
    }

    @Override
    public void dueBy(TenantId tenant, GroupId group, Instant when) {
        handle.createUpdate("""
            UPDATE user_groups SET rule_due = :due
            WHERE tenant = :tenant AND id = :group AND (rule_due IS NULL OR rule_due > :due)\
            """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("due", micros(when))
                .execute();
    }

    @Override
    public void noteDue(Instant now) {
        handle.createQuery("UPDATE user_groups SET rule_due = NULL WHERE rule_due <= :now RETURNING tenant, id")
                .bind("now", micros(now))
                .map((row, context) -> List.of(row.getString("tenant"), row.getString("id")))
                .list()
                .forEach(due -> MembershipNotes.group(handle, new TenantId(due.get(0)), due.get(1)));
    }

    /// `CROSS JOIN` keeps SQLite to this order: few users, each looked up, rather than every member of the group.
    @Override
    public List<UserId> members(TenantId tenant, GroupId group, String after, String last) {
        return handle.createQuery("""
            SELECT m.user_id FROM group_members m
            JOIN users u ON u.tenant = m.tenant AND u.id = m.user_id
            WHERE m.tenant = :tenant AND m.group_id = :group
                AND u.user_principal_name_key > :after AND u.user_principal_name_key <= :last\
            """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("after", key(after))
                .bind("last", key(last))
                .map((row, context) -> new UserId(row.getString("user_id")))
                .list();
    }

    @Override
    public void bring(TenantId tenant, GroupId group, Collection<UserId> in, Collection<UserId> out) {
        batch(tenant, group, in, """
            INSERT INTO group_members (tenant, group_id, user_id)
            SELECT tenant, :group, id FROM users WHERE tenant = :tenant AND id = :user AND deleted IS NULL
            ON CONFLICT DO NOTHING\
            """);
        batch(
                tenant,
                group,
                out,
                "DELETE FROM group_members WHERE tenant = :tenant AND group_id = :group AND user_id = :user");
        OutboundNotes.members(
                handle, tenant, group, Stream.concat(in.stream(), out.stream()).toList());
        if (dependents(handle, tenant, group).isEmpty()) {
            return;
        }
        if (in.size() + out.size() > SINGLE_MAX) {
            MembershipNotes.dependents(handle, tenant, group);
        } else {
            Stream.concat(in.stream(), out.stream())
                    .forEach(user -> MembershipNotes.member(handle, tenant, group, user));
        }
    }

    private void batch(TenantId tenant, GroupId group, Collection<UserId> users, String sql) {
        if (users.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(sql);
        users.forEach(user -> batch.bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("user", user.value())
                .add());
        batch.execute();
    }

    @Override
    public boolean lease(String holder, Instant now, Instant expires) {
        return handle.createUpdate("""
            INSERT INTO membership_lease (one, holder, expires) VALUES (1, :holder, :expires)
            ON CONFLICT (one) DO UPDATE SET holder = excluded.holder, expires = excluded.expires
            WHERE membership_lease.holder = excluded.holder OR membership_lease.expires <= :now\
            """)
                        .bind("holder", holder)
                        .bind("expires", micros(expires))
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }
}

package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.instant;
import static io.postern.store.sql.table.Columns.micros;
import static io.postern.store.sql.table.Columns.textIfAny;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.Group;
import io.postern.store.GroupStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

record SqlGroupStore(Handle handle) implements GroupStore {
    static final RowMapper<Group> ROW = (row, context) -> new Group(
            new TenantId(row.getString("tenant")),
            new GroupId(row.getString("id")),
            row.getString("display_name"),
            textIfAny(row, "description"),
            instant(row, "created"),
            rule(row));

    private static Optional<Group.Rule> rule(ResultSet row) throws SQLException {
        boolean paused = row.getBoolean("rule_paused");
        return textIfAny(row, "membership_rule").map(text -> new Group.Rule(text, paused));
    }

    @Override
    public void insert(Group group) {
        bind(group, handle.createUpdate("""
            INSERT INTO user_groups (tenant, id, display_name, description, created, membership_rule,
                rule_paused)
            VALUES (:tenant, :id, :displayName, :description, :created, :rule, :paused)\
            """)).execute();
    }

    @Override
    public boolean update(Group group) {
        OutboundNotes.group(handle, group.tenant(), group.id());
        return bind(group, handle.createUpdate("""
            UPDATE user_groups SET display_name = :displayName, description = :description, created = :created,
                membership_rule = :rule, rule_paused = :paused
            WHERE tenant = :tenant AND id = :id\
            """)).execute() == 1;
    }

    @Override
    public boolean delete(TenantId tenant, GroupId id) {
        OutboundNotes.everybodyOf(handle, tenant, id.value());
        Principals.forget(handle, tenant, id.value());
        MembershipNotes.dependents(handle, tenant, id);
        return handle.createUpdate("DELETE FROM user_groups WHERE tenant = :tenant AND id = :id")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public Optional<Group> find(TenantId tenant, GroupId id) {
        return handle.createQuery("SELECT * FROM user_groups WHERE tenant = :tenant AND id = :id AND deleted IS NULL")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Group> list(TenantId tenant, Position after, int limit) {
        return handle.createQuery("""
                        SELECT * FROM user_groups WHERE tenant = :tenant AND (display_name, id) > (:name, :id)
                            AND deleted IS NULL
                        ORDER BY display_name, id LIMIT :limit""")
                .bind("tenant", tenant.value())
                .bind("name", after.displayName())
                .bind("id", after.id())
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean addMember(TenantId tenant, GroupId group, UserId member) {
        return membership(tenant, group, member, """
            INSERT INTO group_members (tenant, group_id, user_id) VALUES (:tenant, :group, :user)
            ON CONFLICT DO NOTHING\
            """);
    }

    @Override
    public boolean removeMember(TenantId tenant, GroupId group, UserId member) {
        return membership(
                tenant,
                group,
                member,
                "DELETE FROM group_members WHERE tenant = :tenant AND group_id = :group AND user_id = :user");
    }

    @Override
    public void addMembers(TenantId tenant, GroupId group, Collection<UserId> members) {
        memberships(tenant, group, members, """
            INSERT INTO group_members (tenant, group_id, user_id) VALUES (:tenant, :group, :user)
            ON CONFLICT DO NOTHING\
            """);
    }

    @Override
    public void removeMembers(TenantId tenant, GroupId group, Collection<UserId> members) {
        memberships(
                tenant,
                group,
                members,
                "DELETE FROM group_members WHERE tenant = :tenant AND group_id = :group AND user_id = :user");
    }

    private void memberships(TenantId tenant, GroupId group, Collection<UserId> members, String sql) {
        if (members.isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch(sql)) {
            for (UserId member : members) {
                batch.bind("tenant", tenant.value())
                        .bind("group", group.value())
                        .bind("user", member.value())
                        .add();
            }
            batch.execute();
        }
        MembershipNotes.members(handle, tenant, group, members);
    }

    @Override
    public List<UserId> members(TenantId tenant, GroupId group) {
        return handle.createQuery("""
            SELECT user_id FROM group_members WHERE tenant = :tenant AND group_id = :group
            ORDER BY user_id\
            """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map((row, context) -> new UserId(row.getString("user_id")))
                .list();
    }

    @Override
    public List<GroupId> groupsOf(TenantId tenant, UserId member) {
        return handle.createQuery("""
            SELECT group_id FROM group_members WHERE tenant = :tenant AND user_id = :user
            ORDER BY group_id\
            """)
                .bind("tenant", tenant.value())
                .bind("user", member.value())
                .map((row, context) -> new GroupId(row.getString("group_id")))
                .list();
    }

    @Override
    public boolean putAside(TenantId tenant, GroupId id, Instant now) {
        OutboundNotes.everybodyOf(handle, tenant, id.value());
        handle.createUpdate("DELETE FROM group_members WHERE tenant = :tenant AND group_id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .execute();
        handle.createUpdate("DELETE FROM group_nestings WHERE tenant = :tenant AND (group_id = :id OR member = :id)")
                .bind("tenant", tenant.value())
                .bind("id", id.value())
                .execute();
        return handle.createUpdate("""
                        UPDATE user_groups SET deleted = :now
                        WHERE tenant = :tenant AND id = :id AND deleted IS NULL""")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .bind("now", micros(now))
                        .execute()
                == 1;
    }

    @Override
    public boolean bringBack(TenantId tenant, GroupId id) {
        OutboundNotes.everybodyOf(handle, tenant, id.value());
        return handle.createUpdate("""
                        UPDATE user_groups SET deleted = NULL
                        WHERE tenant = :tenant AND id = :id AND deleted IS NOT NULL""")
                        .bind("tenant", tenant.value())
                        .bind("id", id.value())
                        .execute()
                == 1;
    }

    @Override
    public int purgeDeleted(Instant before) {
        List<Group> old = handle.createQuery("SELECT * FROM user_groups WHERE deleted < :before")
                .bind("before", micros(before))
                .map(ROW)
                .list();
        old.forEach(group -> delete(group.tenant(), group.id()));
        return old.size();
    }

    private boolean membership(TenantId tenant, GroupId group, UserId member, String sql) {
        boolean changed = handle.createUpdate(sql)
                        .bind("tenant", tenant.value())
                        .bind("group", group.value())
                        .bind("user", member.value())
                        .execute()
                == 1;
        if (changed) {
            MembershipNotes.member(handle, tenant, group, member);
            OutboundNotes.members(handle, tenant, group, List.of(member));
        }
        return changed;
    }

    private static Update bind(Group group, Update update) {
        return update.bind("tenant", group.tenant().value())
                .bind("id", group.id().value())
                .bind("displayName", group.displayName())
                .bind("description", group.description().orElse(null))
                .bind("created", micros(group.created()))
                .bind("rule", group.rule().map(Group.Rule::text).orElse(null))
                .bind("paused", group.rule().map(Group.Rule::paused).orElse(false));
    }
}

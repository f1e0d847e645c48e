package io.postern.store.sql.table;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.NestingStore;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// `UNION` rather than `UNION ALL`: a group that is met again is not followed again, so that a circle ends.
record SqlNestingStore(Handle handle) implements NestingStore {
    private static final String BELOW = """
        WITH RECURSIVE below (id) AS (
            SELECT id FROM user_groups WHERE tenant = :tenant AND id = :subject
            UNION
            SELECT n.member FROM group_nestings n JOIN below b ON n.group_id = b.id WHERE n.tenant = :tenant)
        """;

    private static final String ABOVE = """
        WITH RECURSIVE above (id) AS (
            SELECT %s
            UNION
            SELECT n.group_id FROM group_nestings n JOIN above a ON n.member = a.id WHERE n.tenant = :tenant)
        SELECT id FROM above WHERE id <> :subject ORDER BY id\
        """;

    @Override
    public boolean add(TenantId tenant, GroupId group, GroupId member) {
        return change(tenant, group, member, """
            INSERT INTO group_nestings (tenant, group_id, member) VALUES (:tenant, :group, :member)
            ON CONFLICT DO NOTHING\
            """);
    }

    @Override
    public boolean remove(TenantId tenant, GroupId group, GroupId member) {
        return change(
                tenant,
                group,
                member,
                "DELETE FROM group_nestings WHERE tenant = :tenant AND group_id = :group AND member = :member");
    }

    private boolean change(TenantId tenant, GroupId group, GroupId member, String sql) {
        return handle.createUpdate(sql)
                        .bind("tenant", tenant.value())
                        .bind("group", group.value())
                        .bind("member", member.value())
                        .execute()
                == 1;
    }

    @Override
    public List<GroupId> members(TenantId tenant, GroupId group) {
        return groups(
                tenant,
                group.value(),
                "SELECT member FROM group_nestings WHERE tenant = :tenant AND group_id = :subject ORDER BY member");
    }

    @Override
    public List<GroupId> parents(TenantId tenant, GroupId member) {
        return groups(
                tenant,
                member.value(),
                "SELECT group_id FROM group_nestings WHERE tenant = :tenant AND member = :subject ORDER BY group_id");
    }

    @Override
    public List<GroupId> within(TenantId tenant, GroupId group) {
        return groups(tenant, group.value(), BELOW + "SELECT id FROM below WHERE id <> :subject ORDER BY id");
    }

    @Override
    public List<UserId> usersWithin(TenantId tenant, GroupId group) {
        return texts(tenant, group.value(), BELOW + """
            SELECT DISTINCT m.user_id FROM below b CROSS JOIN group_members m
                WHERE m.tenant = :tenant AND m.group_id = b.id ORDER BY m.user_id\
            """).stream()
                .map(UserId::new)
                .toList();
    }

    @Override
    public List<GroupId> above(TenantId tenant, GroupId group) {
        return groups(
                tenant,
                group.value(),
                ABOVE.formatted("group_id FROM group_nestings WHERE tenant = :tenant AND member = :subject"));
    }

    @Override
    public List<GroupId> above(TenantId tenant, UserId user) {
        return groups(
                tenant,
                user.value(),
                ABOVE.formatted("group_id FROM group_members WHERE tenant = :tenant AND user_id = :subject"));
    }

    private List<GroupId> groups(TenantId tenant, String subject, String sql) {
        return texts(tenant, subject, sql).stream().map(GroupId::new).toList();
    }

    private List<String> texts(TenantId tenant, String subject, String sql) {
        return handle.createQuery(sql)
                .bind("tenant", tenant.value())
                .bind("subject", subject)
                .mapTo(String.class)
                .list();
    }
}

package io.postern.store.sql.table;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.Collection;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Leaves notes for whoever keeps members of dynamic groups right, only where a rule could come out otherwise.
final class MembershipNotes {
    private static final String LEAVE =
            "INSERT INTO membership_notes (id, tenant, subject, subject_id) SELECT :id, :tenant, ";

    private MembershipNotes() {}

    /// After a user was written.
    static void user(Handle handle, TenantId tenant, UserId user) {
        leave(handle, tenant, user.value(), LEAVE + """
            'USER', :subject WHERE EXISTS (
                SELECT 1 FROM user_groups WHERE tenant = :tenant AND membership_rule IS NOT NULL)\
            """);
    }

    /// As [#member], of many at once.
    static void members(Handle handle, TenantId tenant, GroupId group, Collection<UserId> users) {
        boolean asked =
                handle.createQuery("SELECT count(*) FROM group_rule_sources WHERE tenant = :tenant AND source = :group")
                                .bind("tenant", tenant.value())
                                .bind("group", group.value())
                                .mapTo(Long.class)
                                .one()
                        > 0;
        if (asked) {
            users.forEach(user -> member(handle, tenant, group, user));
        }
    }

    /// After he came into the group, or left it.
    static void member(Handle handle, TenantId tenant, GroupId group, UserId user) {
        handle.createUpdate(LEAVE + """
            'USER', :user WHERE EXISTS (
                SELECT 1 FROM group_rule_sources WHERE tenant = :tenant AND source = :group)\
            """)
                .bind("id", UUID.randomUUID().toString())
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .bind("group", group.value())
                .execute();
    }

    /// All rules that ask for the members of the group.
    static void dependents(Handle handle, TenantId tenant, GroupId group) {
        for (String dependent : SqlMembershipStore.dependents(handle, tenant, group)) {
            group(handle, tenant, dependent);
        }
    }

    /// One more even where there is one: whoever works on that one may be half way.
    static void group(Handle handle, TenantId tenant, String group) {
        leave(
                handle,
                tenant,
                group,
                "INSERT INTO membership_notes (id, tenant, subject, subject_id)"
                        + " VALUES (:id, :tenant, 'GROUP', :subject)");
    }

    private static void leave(Handle handle, TenantId tenant, String subject, String sql) {
        handle.createUpdate(sql)
                .bind("id", UUID.randomUUID().toString())
                .bind("tenant", tenant.value())
                .bind("subject", subject)
                .execute();
    }
}

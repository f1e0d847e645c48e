package io.postern.store.sql.table;

import static io.postern.store.sql.table.Columns.micros;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.GroupOwnerStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlGroupOwnerStore(Handle handle) implements GroupOwnerStore {
    private static final String ONE = "tenant = :tenant AND group_id = :group AND user_id = :user";

    @Override
    public boolean add(TenantId tenant, GroupId group, UserId user, Instant since) {
        return bound(handle.createUpdate("""
            INSERT INTO group_owners (tenant, group_id, user_id, since)
            VALUES (:tenant, :group, :user, :since) ON CONFLICT DO NOTHING\
            """), tenant, group, user)
                        .bind("since", micros(since))
                        .execute()
                == 1;
    }

    @Override
    public boolean remove(TenantId tenant, GroupId group, UserId user) {
        return bound(handle.createUpdate("DELETE FROM group_owners WHERE " + ONE), tenant, group, user)
                        .execute()
                == 1;
    }

    @Override
    public List<UserId> of(TenantId tenant, GroupId group) {
        return handle.createQuery("""
            SELECT user_id FROM group_owners WHERE tenant = :tenant AND group_id = :group
            ORDER BY since, user_id\
            """)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .map((row, context) -> new UserId(row.getString("user_id")))
                .list();
    }

    @Override
    public boolean owns(TenantId tenant, UserId user, GroupId group) {
        return bound(handle.createQuery("SELECT 1 FROM group_owners WHERE " + ONE), tenant, group, user)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public List<GroupId> owned(TenantId tenant, UserId user) {
        return handle.createQuery("""
            SELECT group_id FROM group_owners WHERE tenant = :tenant AND user_id = :user
            ORDER BY group_id\
            """)
                .bind("tenant", tenant.value())
                .bind("user", user.value())
                .map((row, context) -> new GroupId(row.getString("group_id")))
                .list();
    }

    private static <S extends SqlStatement<S>> S bound(S statement, TenantId tenant, GroupId group, UserId user) {
        return statement
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .bind("user", user.value());
    }
}

package io.postern.store.sql.table;

import io.postern.domain.ObjectId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.store.OwnerStore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

record SqlOwnerStore(Handle handle) implements OwnerStore {
    private static final String ONE = "tenant = :tenant AND application = :application AND user_id = :user";

    @Override
    public List<UserId> of(TenantId tenant, ObjectId application) {
        return handle.createQuery("SELECT user_id FROM application_owners"
                        + " WHERE tenant = :tenant AND application = :application ORDER BY since, user_id")
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .map((row, context) -> new UserId(row.getString("user_id")))
                .list();
    }

    @Override
    public boolean owns(TenantId tenant, UserId user, ObjectId application) {
        return bound(handle.createQuery("SELECT 1 FROM application_owners WHERE " + ONE), tenant, application, user)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public boolean add(TenantId tenant, ObjectId application, UserId user, Instant since) {
        return bound(handle.createUpdate("""
            INSERT INTO application_owners (tenant, application, user_id, since)
            VALUES (:tenant, :application, :user, :since)
            ON CONFLICT (tenant, application, user_id) DO NOTHING\
            """), tenant, application, user)
                        .bind("since", Columns.micros(since))
                        .execute()
                == 1;
    }

    @Override
    public boolean remove(TenantId tenant, ObjectId application, UserId user) {
        return bound(handle.createUpdate("DELETE FROM application_owners WHERE " + ONE), tenant, application, user)
                        .execute()
                == 1;
    }

    private static <S extends SqlStatement<S>> S bound(
            S statement, TenantId tenant, ObjectId application, UserId user) {
        return statement
                .bind("tenant", tenant.value())
                .bind("application", application.value())
                .bind("user", user.value());
    }
}

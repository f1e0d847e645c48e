package io.postern.store.sql.table;

import io.postern.domain.GroupId;
import io.postern.domain.ServicePrincipalId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Leaves notes for whoever provisions to applications, one for each job that is enabled. A note that is there gets
/// another stamp, so that who is being looked at meanwhile is looked at again.
final class OutboundNotes {
    private static final String LEAVE = """
        INSERT INTO outbound_notes (tenant, resource, kind, subject, stamp, due, attempts)
        SELECT j.tenant, j.resource, :kind, :subject, :stamp, 0, 0 FROM outbound_jobs j
        WHERE j.tenant = :tenant AND j.enabled\
        """;

    private static final String ANEW = """
         ON CONFLICT (tenant, resource, kind, subject)
        DO UPDATE SET stamp = excluded.stamp, due = 0, attempts = 0, fault = NULL\
        """;

    private static final String ASSIGNED = """
         AND EXISTS (SELECT 1 FROM assignments a
            WHERE a.tenant = j.tenant AND a.resource = j.resource AND a.principal = :group)\
        """;

    private OutboundNotes() {}

    /// After a user was written, or before he goes.
    static void user(Handle handle, TenantId tenant, UserId user) {
        leave(handle, tenant, "USER", user.value(), LEAVE + ANEW);
    }

    /// After a group was written.
    static void group(Handle handle, TenantId tenant, GroupId group) {
        leave(handle, tenant, "GROUP", group.value(), LEAVE + ANEW);
    }

    /// After these came into a group or left it.
    static void members(Handle handle, TenantId tenant, GroupId group, Collection<UserId> users) {
        List<String> jobs = handle.createQuery("""
            SELECT j.resource FROM outbound_jobs j WHERE j.tenant = :tenant AND j.enabled\
            """ + ASSIGNED)
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .mapTo(String.class)
                .list();
        if (jobs.isEmpty() || users.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(LEAVE + ASSIGNED + ANEW);
        users.forEach(user -> batch.bind("kind", "USER")
                .bind("subject", user.value())
                .bind("stamp", UUID.randomUUID().toString())
                .bind("tenant", tenant.value())
                .bind("group", group.value())
                .add());
        batch.execute();
        group(handle, tenant, group);
    }

    /// After a user was assigned to one application, or is not any more.
    static void assigned(Handle handle, TenantId tenant, ServicePrincipalId resource, String user) {
        handle.createUpdate(LEAVE + " AND j.resource = :resource" + ANEW)
                .bind("kind", "USER")
                .bind("subject", user)
                .bind("stamp", UUID.randomUUID().toString())
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .execute();
    }

    /// After a group was assigned: everybody of the application is looked at.
    static void everybody(Handle handle, TenantId tenant, ServicePrincipalId resource) {
        handle.createUpdate("UPDATE outbound_jobs SET due = 0 WHERE tenant = :tenant AND resource = :resource")
                .bind("tenant", tenant.value())
                .bind("resource", resource.value())
                .execute();
    }

    /// Before a principal loses all its assignments, or a group its members.
    static void everybodyOf(Handle handle, TenantId tenant, String principal) {
        handle.createUpdate("""
            UPDATE outbound_jobs SET due = 0
            WHERE tenant = :tenant AND EXISTS (SELECT 1 FROM assignments a WHERE a.tenant = :tenant
                AND a.resource = outbound_jobs.resource AND a.principal = :principal)\
            """)
                .bind("tenant", tenant.value())
                .bind("principal", principal)
                .execute();
    }

    private static void leave(Handle handle, TenantId tenant, String kind, String subject, String sql) {
        handle.createUpdate(sql)
                .bind("kind", kind)
                .bind("subject", subject)
                .bind("stamp", UUID.randomUUID().toString())
                .bind("tenant", tenant.value())
                .execute();
    }
}

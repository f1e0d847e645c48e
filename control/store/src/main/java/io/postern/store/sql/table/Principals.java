package io.postern.store.sql.table;

import io.postern.domain.TenantId;
import org.jdbi.v3.core.Handle;

/// What hangs on a principal of any kind (user, group, service principal) by its id alone, so that no
/// foreign key can clear it away.
final class Principals {
    private Principals() {}

    /// Removes role and application assignments of a principal that is about to go.
    static void forget(Handle handle, TenantId tenant, String principal) {
        for (String table : new String[] {"role_assignments", "assignments"}) {
            handle.createUpdate("DELETE FROM " + table + " WHERE tenant = :tenant AND principal = :principal")
                    .bind("tenant", tenant.value())
                    .bind("principal", principal)
                    .execute();
        }
    }
}

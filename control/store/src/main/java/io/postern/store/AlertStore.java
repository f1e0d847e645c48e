package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;
import java.util.List;

/// What administrators are told of, put here in the transaction of what it tells of.
public interface AlertStore {
    /// Mail addresses that are told in place of those who hold the roles; an empty list leaves it to the roles.
    ///
    /// @param technical of connectors, certificates, synchronisation
    /// @param security of what endangers users
    record Recipients(List<String> technical, List<String> security) {
        public static final Recipients NONE = new Recipients(List.of(), List.of());

        public Recipients {
            technical = List.copyOf(technical);
            security = List.copyOf(security);
        }
    }

    /// @param told mail for it is written by the caller
    /// @return false when the same was told already
    boolean put(Alert alert, boolean told);

    /// Those of every tenant for which no mail was written yet, oldest first; at most `limit`.
    List<Alert> untold(int limit);

    /// Takes one, to write its mail. @return false when another node was faster
    boolean tell(Alert alert);

    /// What the webhook has not got and is due, of every tenant, oldest first; at most `limit`.
    List<Alert> due(Instant now, int limit);

    /// Takes one to send it: nobody else does until `again`. @return false when another node was faster
    boolean take(Alert alert, Instant again);

    /// The webhook has it, or never will.
    void close(Alert alert, boolean sent);

    /// Newest first, at most `limit`.
    List<Alert> list(TenantId tenant, int limit);

    Recipients recipients(TenantId tenant);

    void recipients(TenantId tenant, Recipients recipients);

    /// Removes those made before. @return how many
    int purge(Instant created);
}

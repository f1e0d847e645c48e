package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What users may ask for, who decides, and what was asked (4.4).
public interface AccessStore {
    /// Adds the offer or replaces that of the same target, with its approvers.
    void offer(AccessOffer offer);

    boolean withdraw(TenantId tenant, String target);

    Optional<AccessOffer> offer(TenantId tenant, String target);

    List<AccessOffer> offers(TenantId tenant);

    /// Whether any offer names the user.
    boolean isApprover(TenantId tenant, UserId user);

    /// @throws DuplicateKey when the user waits for an answer to the same already
    void insert(AccessRequest request);

    /// Closes a request that is in the state `from`. @return false when it is not any more
    boolean close(AccessRequest request, AccessRequest.State from);

    Optional<AccessRequest> find(TenantId tenant, String id);

    /// Newest first, at most `limit`.
    List<AccessRequest> list(TenantId tenant, int limit);

    /// Newest first, at most `limit`.
    List<AccessRequest> ofUser(TenantId tenant, UserId user, int limit);

    /// Those that wait for an answer, oldest first.
    List<AccessRequest> pending(TenantId tenant, String target);

    /// Those that `approver` may answer: of offers that name him, not his own. Oldest first.
    List<AccessRequest> pendingFor(TenantId tenant, UserId approver);

    /// Granted ones by which the user is in the group.
    List<AccessRequest> granted(TenantId tenant, GroupId group, UserId user);

    /// Granted ones of every tenant whose end came, earliest first; at most `limit`.
    List<AccessRequest> over(Instant now, int limit);

    /// Those of every tenant that wait since before `created`; at most `limit`.
    List<AccessRequest> pendingSince(Instant created, int limit);
}

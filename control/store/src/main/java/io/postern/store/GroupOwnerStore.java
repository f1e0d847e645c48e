package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.List;

/// Who owns a group: he may manage its members without a role for groups.
public interface GroupOwnerStore {
    /// @return false when he was one already
    boolean add(TenantId tenant, GroupId group, UserId user, Instant since);

    boolean remove(TenantId tenant, GroupId group, UserId user);

    /// The eldest first.
    List<UserId> of(TenantId tenant, GroupId group);

    boolean owns(TenantId tenant, UserId user, GroupId group);

    /// By id.
    List<GroupId> owned(TenantId tenant, UserId user);
}

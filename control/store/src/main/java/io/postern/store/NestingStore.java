package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;

/// Groups as members of groups. Whoever writes sees to it that none is within itself; reads end all the same.
public interface NestingStore {
    /// @return false when it was a member already
    boolean add(TenantId tenant, GroupId group, GroupId member);

    boolean remove(TenantId tenant, GroupId group, GroupId member);

    /// Direct members that are groups, by id.
    List<GroupId> members(TenantId tenant, GroupId group);

    /// Groups that it is a direct member of, by id.
    List<GroupId> parents(TenantId tenant, GroupId member);

    /// Every group within the group, without itself, by id.
    List<GroupId> within(TenantId tenant, GroupId group);

    /// Every user within the group, directly or by a group within it, by id.
    List<UserId> usersWithin(TenantId tenant, GroupId group);

    /// Every group that the group is within, without itself, by id.
    List<GroupId> above(TenantId tenant, GroupId group);

    /// Every group that the user is within, by id.
    List<GroupId> above(TenantId tenant, UserId user);
}

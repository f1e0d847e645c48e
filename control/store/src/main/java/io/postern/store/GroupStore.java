package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.util.List;
import java.util.Optional;

/// Groups and their direct members.
public interface GroupStore {
    void insert(Group group);

    boolean update(Group group);

    boolean delete(TenantId tenant, GroupId id);

    Optional<Group> find(TenantId tenant, GroupId id);

    List<Group> list(TenantId tenant, String afterDisplayName, int limit);

    /// Adding a member twice is no fault. @return false when it was a member already
    boolean addMember(TenantId tenant, GroupId group, UserId member);

    boolean removeMember(TenantId tenant, GroupId group, UserId member);

    List<UserId> members(TenantId tenant, GroupId group);

    List<GroupId> groupsOf(TenantId tenant, UserId member);
}

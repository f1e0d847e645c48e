package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Groups and the users who are their direct members.
public interface GroupStore {
    /// A place in the list: display names are not unique, so the id decides among equals.
    record Position(String displayName, String id) {
        public static final Position START = new Position("", "");
    }

    void insert(Group group);

    boolean update(Group group);

    /// Removes the group with its memberships and application assignments.
    boolean delete(TenantId tenant, GroupId id);

    Optional<Group> find(TenantId tenant, GroupId id);

    /// Ordered by display name and id, from after `after`, at most `limit`.
    List<Group> list(TenantId tenant, Position after, int limit);

    /// Adding a member twice is no fault. @return false when it was a member already
    boolean addMember(TenantId tenant, GroupId group, UserId member);

    boolean removeMember(TenantId tenant, GroupId group, UserId member);

    /// Of many at once, none of whom is one yet.
    void addMembers(TenantId tenant, GroupId group, Collection<UserId> members);

    void removeMembers(TenantId tenant, GroupId group, Collection<UserId> members);

    List<UserId> members(TenantId tenant, GroupId group);

    List<GroupId> groupsOf(TenantId tenant, UserId member);

    /// A group that can come back: in no answer of the methods above, without members and in no group, its
    /// assignments kept.
    ///
    /// @return false when there is no such group, or it is deleted already
    boolean putAside(TenantId tenant, GroupId id, Instant now);

    boolean bringBack(TenantId tenant, GroupId id);

    /// Of all tenants; what was deleted before `before` goes for good. @return how many
    int purgeDeleted(Instant before);
}

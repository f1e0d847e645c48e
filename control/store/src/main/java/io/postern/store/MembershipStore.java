package io.postern.store;

import io.postern.domain.GroupId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// What keeps members of dynamic groups right: notes, left in the transaction of each change, of what must be looked
/// at again. [UserStore] leaves one for each user who is written, [GroupStore] for members of a group that a rule
/// asks for, and whoever writes a rule calls [#ruleSet].
public interface MembershipStore {
    /// A note of whom to ask all rules about (`user`) or of which rule to ask about everybody.
    record Note(String id, TenantId tenant, boolean user, String subject) {}

    /// The rule is new, or another one, or goes on after a pause: everybody must be asked.
    ///
    /// @param sources groups of whose members it asks
    void ruleSet(TenantId tenant, GroupId group, Collection<GroupId> sources);

    /// The group has no rule any more.
    void ruleGone(TenantId tenant, GroupId group);

    /// Groups whose rules ask for the members of this one.
    List<GroupId> dependents(TenantId tenant, GroupId source);

    /// Groups with a rule that is not paused, by id.
    List<Group> inForce(TenantId tenant);

    /// How many groups have a rule, paused or not.
    long count(TenantId tenant);

    /// Whether there is anything to do at `now`; costs next to nothing.
    boolean pending(Instant now);

    /// Some notes about users, or about groups.
    List<Note> notes(boolean users, int limit);

    void done(Collection<Note> notes);

    /// The rule must be evaluated at `when` at the latest.
    void dueBy(TenantId tenant, GroupId group, Instant when);

    /// Leaves a note for each group that is due, and takes the date away.
    void noteDue(Instant now);

    /// Direct members whose names come after `after` and up to `last`, in the order of [UserStore#list].
    List<UserId> members(TenantId tenant, GroupId group, String after, String last);

    /// Brings members in and takes others out, those who are there; leaves notes where rules ask for this group.
    void bring(TenantId tenant, GroupId group, Collection<UserId> in, Collection<UserId> out);

    /// Takes or keeps the right to work on notes. @return false while another holds it
    boolean lease(String holder, Instant now, Instant expires);
}

package io.postern.admin.service;

import io.postern.domain.GroupId;
import io.postern.domain.UserId;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.SyncFault;
import io.postern.store.Group;
import io.postern.store.NestingStore;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives a group the members that its directory says: users, those whose primary group it is, and groups.
final class SyncMembers {
    /// In one transaction; a larger group is looked at again.
    private static final int CHANGES_MAX = 5_000;

    private final Change change;
    private final SyncSource source;
    private final SyncTally tally;

    SyncMembers(Change change, SyncSource source, SyncTally tally) {
        this.change = change;
        this.source = source;
        this.tally = tally;
    }

    /// @return the object as it is to be kept; dirty while there is more to do
    SyncObject lookUp(SyncObject object, Group group) {
        SyncStore sync = change.stores().sync();
        GroupId id = group.id();
        List<SyncStore.Target> targets = sync.memberTargets(change.tenant(), source.id(), object.anchor());
        Set<String> come = of(Kind.USER, targets);
        object.identifier()
                .map(identifier -> sync.primaryMembers(change.tenant(), source.id(), identifier))
                .ifPresent(come::addAll);
        var gone = new ArrayList<UserId>();
        for (UserId member : change.stores().groups().members(change.tenant(), id)) {
            if (!come.remove(member.value())) {
                gone.add(member);
            }
        }
        List<UserId> removed = gone.stream().limit(CHANGES_MAX).toList();
        List<UserId> added = come.stream()
                .sorted()
                .limit(CHANGES_MAX - removed.size())
                .map(UserId::new)
                .toList();
        change.stores().groups().removeMembers(change.tenant(), id, removed);
        change.stores().groups().addMembers(change.tenant(), id, added);
        note(group, added, removed);
        tally.add("membersAdded", added.size());
        tally.add("membersRemoved", removed.size());
        boolean more = added.size() + removed.size() < come.size() + gone.size();
        return groups(object, group, of(Kind.GROUP, targets)).withDirty(more);
    }

    private static Set<String> of(Kind kind, List<SyncStore.Target> targets) {
        return targets.stream()
                .filter(target -> target.kind() == kind)
                .map(SyncStore.Target::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /// Groups as members. One that would put the group within itself is left out, and told.
    private SyncObject groups(SyncObject object, Group group, Set<String> come) {
        NestingStore nestings = change.stores().nestings();
        var removed = new ArrayList<GroupId>();
        for (GroupId member : nestings.members(change.tenant(), group.id())) {
            if (!come.remove(member.value())) {
                nestings.remove(change.tenant(), group.id(), member);
                removed.add(member);
            }
        }
        var added = new ArrayList<GroupId>();
        var circles = new ArrayList<String>();
        for (String each : come.stream().sorted().toList()) {
            var member = new GroupId(each);
            Optional<Group> nested = change.stores().groups().find(change.tenant(), member);
            if (nested.isEmpty()) {
                continue; // deleted by hand; the next full cycle makes it anew
            }
            if (member.equals(group.id())
                    || nestings.within(change.tenant(), member).contains(group.id())) {
                circles.add(nested.get().displayName());
            } else {
                nestings.add(change.tenant(), group.id(), member);
                added.add(member);
            }
        }
        note(group, added, removed);
        tally.add("nestedGroupsAdded", added.size());
        tally.add("nestedGroupsRemoved", removed.size());
        if (circles.isEmpty()) {
            return object.fault().filter(fault -> fault.code().equals("circle")).isPresent()
                    ? object.withFault(Optional.empty())
                    : object;
        }
        tally.add("faults");
        return object.withFault(Optional.of(new SyncFault(
                "circle",
                "'" + group.displayName() + "' would be within itself by its member '" + String.join("', '", circles)
                        + "', which was left out",
                "take one of the groups of the circle out of another in the directory")));
    }

    private void note(Group group, Collection<?> added, Collection<?> removed) {
        if (!added.isEmpty() || !removed.isEmpty()) {
            change.note(
                    Activity.SYNCHRONISE_MEMBERS,
                    group.id(),
                    group.displayName(),
                    Map.of(
                            "added",
                            Integer.toString(added.size()),
                            "removed",
                            Integer.toString(removed.size()),
                            "source",
                            source.name()));
        }
    }
}

package io.postern.admin.service;

import io.postern.domain.GroupId;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Members;
import io.postern.domain.sync.SyncFault;
import io.postern.domain.sync.SyncMapping;
import io.postern.store.Group;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What becomes of groups of another directory here, and who is in them.
final class SyncGroups {
    private static final int DESCRIPTION_MAX = 1024;
    private static final int NAME_MAX = 256;

    private final Change change;
    private final SyncSource source;
    private final SyncMapping mapping;
    private final SyncTally tally;
    private final SyncTouched touched;

    SyncGroups(Change change, SyncSource source, SyncMapping mapping, SyncTally tally, SyncTouched touched) {
        this.change = change;
        this.source = source;
        this.mapping = mapping;
        this.tally = tally;
        this.touched = touched;
    }

    /// What a cycle would do; groups are never refused once they have a name, and never take over others.
    sealed interface Plan {
        record Create(Group group) implements Plan {}

        record Update(Group before, Group after) implements Plan {}

        record Restore(Group after) implements Plan {}

        record Refuse(SyncFault fault) implements Plan {}
    }

    Plan plan(SyncObject object) {
        Map<String, String> values = mapping.group(object.anchor(), object.name(), object.attributes());
        String name = values.getOrDefault("displayName", "");
        if (name.isEmpty() || name.length() > NAME_MAX) {
            return new Plan.Refuse(new SyncFault(
                    "no-display-name",
                    object.name() + " has no name of 1 to " + NAME_MAX + " characters",
                    "give it one there, or map group.displayName from another attribute"));
        }
        Optional<String> description = Optional.ofNullable(values.get("description"))
                .map(text -> text.substring(0, Math.min(text.length(), DESCRIPTION_MAX)));
        Optional<GroupId> id = object.target().map(GroupId::new);
        Optional<Group> before = id.flatMap(i -> change.stores().groups().find(change.tenant(), i));
        if (before.isPresent()) {
            Group old = before.get();
            return new Plan.Update(old, new Group(old.tenant(), old.id(), name, description, old.created()));
        }
        if (id.isPresent() && object.deleted().isPresent()) {
            return new Plan.Restore(new Group(change.tenant(), id.get(), name, description, change.now()));
        }
        return new Plan.Create(new Group(change.tenant(), GroupId.random(), name, description, change.now()));
    }

    SyncObject apply(SyncObject object, Plan plan) {
        return switch (plan) {
            case Plan.Create(Group group) -> created(object, group);
            case Plan.Restore(Group group) -> {
                if (!change.stores().groups().bringBack(change.tenant(), group.id())) {
                    yield created(object, group); // it went for good meanwhile
                }
                change.stores()
                        .groups()
                        .find(change.tenant(), group.id())
                        .ifPresent(back -> change.stores()
                                .groups()
                                .update(new Group(
                                        back.tenant(),
                                        back.id(),
                                        group.displayName(),
                                        group.description(),
                                        back.created())));
                change.note(Activity.RESTORE_GROUP, group.id(), group.displayName(), origin(object));
                tally.add("groupsRestored");
                touched.member(object);
                yield live(object, group.id()).withDirty(true);
            }
            case Plan.Update(Group before, Group after) -> {
                if (before.equals(after)) {
                    tally.add("groupsUnchanged");
                } else {
                    change.stores().groups().update(after);
                    change.note(
                            Activity.UPDATE_GROUP,
                            after.id(),
                            after.displayName(),
                            Differences.between(before, after),
                            origin(object));
                    tally.add("groupsUpdated");
                }
                yield live(object, after.id());
            }
            case Plan.Refuse(SyncFault fault) -> {
                tally.add("faults");
                yield object.withFault(Optional.of(fault));
            }
        };
    }

    private SyncObject created(SyncObject object, Group group) {
        change.stores().groups().insert(group);
        change.note(Activity.ADD_GROUP, group.id(), group.displayName(), origin(object));
        tally.add("groupsCreated");
        touched.member(object);
        return live(object, group.id()).withDirty(true);
    }

    private static SyncObject live(SyncObject object, GroupId id) {
        return object.withTarget(Optional.of(id.value()))
                .withDeleted(Optional.empty())
                .withFault(Optional.empty());
    }

    /// Keeps what a page says of members. Of a list in pieces nobody is a member until its end came.
    ///
    /// @return whether that is news
    boolean keep(SyncObject group, Members members) {
        SyncStore sync = change.stores().sync();
        boolean first = members.piece() == Members.Piece.FIRST;
        return switch (members.piece()) {
            case WHOLE -> keepAll(group, members);
            case FIRST, NEXT -> {
                sync.addPiece(change.tenant(), source.id(), group.anchor(), first, keys(members.add()));
                yield false;
            }
            case LAST -> {
                sync.addPiece(change.tenant(), source.id(), group.anchor(), false, keys(members.add()));
                yield sync.replaceMembers(change.tenant(), source.id(), group.anchor());
            }
        };
    }

    private boolean keepAll(SyncObject group, Members members) {
        SyncStore sync = change.stores().sync();
        Set<String> known = sync.members(change.tenant(), source.id(), group.anchor());
        Set<String> add = keys(members.add());
        Set<String> remove;
        if (members.complete()) {
            remove = new TreeSet<>(known);
            remove.removeAll(add);
        } else {
            remove = keys(members.remove());
            remove.retainAll(known);
            remove.removeAll(add);
        }
        add.removeAll(known);
        sync.removeMembers(change.tenant(), source.id(), group.anchor(), remove);
        sync.addMembers(change.tenant(), source.id(), group.anchor(), add);
        return !add.isEmpty() || !remove.isEmpty();
    }

    private static Set<String> keys(List<DirectoryName> names) {
        return names.stream().map(DirectoryName::key).collect(Collectors.toCollection(TreeSet::new));
    }

    /// The members of a group that is dirty, as users and groups here.
    SyncObject lookUp(SyncObject object) {
        Optional<Group> group =
                object.target().flatMap(id -> change.stores().groups().find(change.tenant(), new GroupId(id)));
        return group.isPresent() && object.deleted().isEmpty()
                ? new SyncMembers(change, source, tally).lookUp(object, group.get())
                : object.withDirty(false);
    }

    SyncObject delete(SyncObject object) {
        GroupId id = new GroupId(object.target().orElseThrow());
        Optional<Group> group = change.stores().groups().find(change.tenant(), id);
        if (group.isPresent()) {
            change.stores().groups().putAside(change.tenant(), id, change.now());
            change.note(Activity.DELETE_GROUP, id, group.get().displayName(), origin(object));
            tally.add("groupsDeleted");
        }
        return object.withGone(false)
                .withDirty(false)
                .withFault(Optional.empty())
                .withDeleted(Optional.of(change.now()));
    }

    private Map<String, String> origin(SyncObject object) {
        return Map.of("source", source.name(), "object", object.name().text());
    }
}

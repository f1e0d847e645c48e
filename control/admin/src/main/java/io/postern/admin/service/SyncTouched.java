package io.postern.admin.service;

import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import java.util.Set;
import java.util.TreeSet;

/// Groups that have to be looked at since a member of theirs came, gathered until the objects of a transaction are
/// kept: what is written of a group after it was marked would take the mark away.
final class SyncTouched {
    private final Change change;
    private final SyncSource source;
    private final Set<String> members = new TreeSet<>();
    private final Set<String> primaryGroups = new TreeSet<>();

    SyncTouched(Change change, SyncSource source) {
        this.change = change;
        this.source = source;
    }

    /// The object has another target, or one at last.
    void member(SyncObject object) {
        members.add(object.name().key());
        primaryGroup(object);
    }

    void primaryGroup(SyncObject object) {
        object.primaryGroup().ifPresent(primaryGroups::add);
    }

    void mark() {
        change.stores().sync().touchGroupsOf(change.tenant(), source.id(), members);
        change.stores().sync().touchPrimaryGroups(change.tenant(), source.id(), primaryGroups);
        members.clear();
        primaryGroups.clear();
    }
}

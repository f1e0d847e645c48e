package io.postern.store;

import io.postern.domain.sync.DirectoryAccount;
import io.postern.domain.sync.DirectoryName;
import io.postern.domain.sync.DirectoryObject.Kind;
import io.postern.domain.sync.SyncFault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What is kept of an object of another directory.
///
/// @param target id of the user or group here
/// @param seen the job that saw it last
/// @param gone to be deleted at the end of a cycle
/// @param due to be looked at again then, also when its directory says nothing: the account expires
/// @param dirty its members, or its manager, are to be looked up at the end of a cycle
/// @param deleted since when it is deleted; the target can come back
public record SyncObject(
        String anchor,
        Kind kind,
        DirectoryName name,
        Map<String, List<String>> attributes,
        Optional<String> target,
        String seen,
        boolean gone,
        boolean dirty,
        Optional<Instant> due,
        Optional<Instant> deleted,
        Optional<SyncFault> fault) {
    /// Of a group's security; others need none here.
    public Optional<String> identifier() {
        return kind == Kind.GROUP
                ? attributes.getOrDefault("objectsid", List.of()).stream().findFirst()
                : Optional.empty();
    }

    /// By its identifier: the group that has the user without naming him as a member.
    public Optional<String> primaryGroup() {
        return kind == Kind.USER ? DirectoryAccount.of(attributes).primaryGroup() : Optional.empty();
    }

    public SyncObject withTarget(Optional<String> other) {
        return new SyncObject(anchor, kind, name, attributes, other, seen, gone, dirty, due, deleted, fault);
    }

    public SyncObject withGone(boolean now) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, now, dirty, due, deleted, fault);
    }

    public SyncObject withDirty(boolean now) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, now, due, deleted, fault);
    }

    public SyncObject withDeleted(Optional<Instant> when) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, dirty, due, when, fault);
    }

    public SyncObject withFault(Optional<SyncFault> other) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, dirty, due, deleted, other);
    }

    public SyncObject withName(DirectoryName other) {
        return new SyncObject(anchor, kind, other, attributes, target, seen, gone, dirty, due, deleted, fault);
    }

    public SyncObject withDue(Optional<Instant> when) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, dirty, when, deleted, fault);
    }
}

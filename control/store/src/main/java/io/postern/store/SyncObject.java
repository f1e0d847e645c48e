package io.postern.store;

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
        Optional<Instant> deleted,
        Optional<SyncFault> fault) {
    public SyncObject withTarget(Optional<String> other) {
        return new SyncObject(anchor, kind, name, attributes, other, seen, gone, dirty, deleted, fault);
    }

    public SyncObject withGone(boolean now) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, now, dirty, deleted, fault);
    }

    public SyncObject withDirty(boolean now) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, now, deleted, fault);
    }

    public SyncObject withDeleted(Optional<Instant> when) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, dirty, when, fault);
    }

    public SyncObject withFault(Optional<SyncFault> other) {
        return new SyncObject(anchor, kind, name, attributes, target, seen, gone, dirty, deleted, other);
    }

    public SyncObject withName(DirectoryName other) {
        return new SyncObject(anchor, kind, other, attributes, target, seen, gone, dirty, deleted, fault);
    }
}

package io.postern.admin.service;

import io.postern.domain.sync.SyncMapping;
import io.postern.store.SyncObject;
import io.postern.store.SyncSource;
import io.postern.store.SyncStore;
import java.util.List;
import java.util.Optional;

/// Puts a user out whose account in his directory has expired, without a cycle.
final class SyncExpiry {
    private SyncExpiry() {}

    /// @return false when another node was faster, or a page has told another day
    static boolean expire(Change change, SyncStore.Due due) {
        SyncStore sync = change.stores().sync();
        Optional<SyncSource> source = sync.find(change.tenant(), due.source());
        Optional<SyncObject> object =
                sync.objects(change.tenant(), due.source(), List.of(due.object().anchor())).stream()
                        .filter(now -> now.due().isPresent() && !now.due().get().isAfter(change.now()))
                        .findFirst();
        if (source.isEmpty() || object.isEmpty()) {
            return false;
        }
        var touched = new SyncTouched(change, source.get());
        var people = new SyncPeople(
                change, source.get(), SyncMapping.of(source.get().settings().mapping()), new SyncTally(), touched);
        SyncObject looked = object.get().withDue(Optional.empty());
        sync.put(
                change.tenant(),
                due.source(),
                looked.deleted().isPresent() || looked.gone() ? looked : people.apply(looked, people.plan(looked)));
        touched.mark();
        return true;
    }
}

package io.postern.store;

import io.postern.domain.ConnectorId;
import java.time.Instant;
import java.util.Optional;

/// Where the synchronisation of a source stands.
///
/// @param cursor where the last cycle ended, in the connector's words; empty: the next one reads everything
/// @param due when the next cycle may begin
/// @param wantsFull the next cycle reads everything
/// @param wantsPreview somebody wants to see what a cycle would do
/// @param allowedDeletions for the next cycle, in place of the limit
/// @param holder the connector that reads, until its lease ends
public record SyncState(
        Optional<String> cursor,
        Instant due,
        boolean wantsFull,
        boolean wantsPreview,
        Optional<Integer> allowedDeletions,
        Optional<Holder> holder,
        Optional<Instant> lastFull) {
    /// Who reads a directory; nobody else does until then.
    public record Holder(ConnectorId connector, Instant until) {}

    /// Of a source that nobody has read yet.
    public static SyncState at(Instant now) {
        return new SyncState(Optional.empty(), now, true, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public SyncState withHolder(Optional<Holder> other) {
        return new SyncState(cursor, due, wantsFull, wantsPreview, allowedDeletions, other, lastFull);
    }

    public SyncState withDue(Instant next) {
        return new SyncState(cursor, next, wantsFull, wantsPreview, allowedDeletions, holder, lastFull);
    }

    public SyncState withCursor(Optional<String> other, Optional<Instant> full) {
        return new SyncState(other, due, wantsFull, wantsPreview, allowedDeletions, holder, full);
    }

    public SyncState withFull(boolean wanted) {
        return new SyncState(cursor, due, wanted, wantsPreview, allowedDeletions, holder, lastFull);
    }

    public SyncState withPreview(boolean wanted) {
        return new SyncState(cursor, due, wantsFull, wanted, allowedDeletions, holder, lastFull);
    }

    public SyncState withAllowed(Optional<Integer> deletions) {
        return new SyncState(cursor, due, wantsFull, wantsPreview, deletions, holder, lastFull);
    }
}

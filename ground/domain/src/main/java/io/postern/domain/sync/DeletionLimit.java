package io.postern.domain.sync;

import java.util.Optional;

/// How many objects one cycle may delete: a wrong filter or an emptied folder must not empty the tenant.
///
/// @param count in one cycle
/// @param percent of what is synchronised
public record DeletionLimit(int count, int percent) {
    public static final DeletionLimit DEFAULT = new DeletionLimit(500, 10);

    /// Below this the share says nothing: one of five is a fifth.
    private static final int SMALL = 10;

    public DeletionLimit {
        if (count < 0 || percent < 0 || percent > 100) {
            throw new IllegalArgumentException(
                    "the limit of deletions is a count from 0 and a percentage from 0 to 100; it was " + count + " and "
                            + percent);
        }
    }

    /// Why so many must not go; empty when they may.
    ///
    /// @param known objects that are synchronised, those to go among them
    /// @param allowed what an administrator allowed for this cycle, in place of the limit
    public Optional<String> objection(long deletions, long known, Optional<Integer> allowed) {
        if (deletions == 0) {
            return Optional.empty();
        }
        if (allowed.isPresent()) {
            return deletions <= allowed.get()
                    ? Optional.empty()
                    : Optional.of(deletions + " objects would be deleted, more than the " + allowed.get() + " allowed");
        }
        String would = deletions + " of " + known + " objects would be deleted, more than ";
        if (deletions > count) {
            return Optional.of(would + count);
        }
        if (deletions == known && known > 1) {
            return Optional.of(deletions + " objects would be deleted, and none be left");
        }
        return deletions > SMALL && deletions * 100 > known * percent
                ? Optional.of(would + percent + " %")
                : Optional.empty();
    }
}

package io.postern.store;

import java.util.Optional;

/// Follows a chain of log entries, entry by entry, and tells the first that does not fit. Not thread-safe.
public final class ChainCheck {
    /// @param number of the first entry that is not as it was written
    public record Problem(long number, String text) {}

    private long number;
    private String hash;

    /// @param number of the entry before the first that will come; 0 at the beginning of a log
    /// @param hash of that entry, or [LogEntry#genesis]
    public ChainCheck(long number, String hash) {
        this.number = number;
        this.hash = hash;
    }

    /// @return what is wrong with this entry, or with what lies between it and the one before
    public Optional<Problem> next(long at, String text, String saidHash) {
        if (at > number + 1) {
            return Optional.of(new Problem(
                    number + 1,
                    at == number + 2
                            ? "entry " + (number + 1) + " was removed"
                            : "entries " + (number + 1) + " to " + (at - 1) + " were removed"));
        }
        if (at <= number) {
            return Optional.of(
                    new Problem(at, "entry " + at + " stands behind entry " + number + ": inserted or moved"));
        }
        if (!LogEntry.hash(hash, at, text).equals(saidHash)) {
            return Optional.of(new Problem(at, "entry " + at + " is not what was written: changed, inserted or moved"));
        }
        number = at;
        hash = saidHash;
        return Optional.empty();
    }

    /// Whether the chain ends where it is said to end.
    public Optional<Problem> end(long saidNumber, String saidHash) {
        if (saidNumber > number) {
            return Optional.of(new Problem(
                    number + 1, "the log was cut off after entry " + number + ": it had " + saidNumber + " entries"));
        }
        if (saidNumber < number) {
            return Optional.of(
                    new Problem(saidNumber + 1, "entry " + (saidNumber + 1) + " was added behind the end of the log"));
        }
        return saidHash.equals(hash)
                ? Optional.empty()
                : Optional.of(new Problem(number, "entry " + number + " is not the one that the log ended with"));
    }

    public long number() {
        return number;
    }

    public String hash() {
        return hash;
    }
}

package io.postern.base;

import java.util.Locale;
import java.util.Optional;

/// What a directory said to a name and a password: the words that a connector tells the service
/// (docs/protocol/directory.md).
public enum PasswordVerdict {
    RIGHT,
    /// or there is no such account
    WRONG,
    /// right, but too old
    EXPIRED,
    /// right, but to be changed first
    MUST_CHANGE,
    DISABLED,
    /// the account, not its password
    ACCOUNT_EXPIRED,
    /// after too many wrong ones; whether this one is right is not told
    LOCKED,
    /// right, but not at this time
    HOURS,
    /// right, but not from here or not in this way
    RESTRICTED,
    /// no server of the directory was reached, or believed
    UNREACHABLE,
    /// no answer in time
    TIMEOUT,
    /// the connector could not open what was sealed for it
    UNREADABLE,
    /// anything else
    FAILED;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<PasswordVerdict> of(String word) {
        for (PasswordVerdict each : values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /// Whether the directory has decided: another connector would hear the same.
    public boolean isFinal() {
        return switch (this) {
            case RIGHT, WRONG, EXPIRED, MUST_CHANGE, DISABLED, ACCOUNT_EXPIRED, LOCKED, HOURS, RESTRICTED -> true;
            case UNREACHABLE, TIMEOUT, UNREADABLE, FAILED -> false;
        };
    }
}

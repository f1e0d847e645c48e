package io.postern.admin.scim;

import io.postern.domain.UserId;
import java.util.Locale;
import java.util.Optional;

/// Ids as clients send them.
final class UserIds {
    private UserIds() {}

    /// Empty for what cannot be one.
    static Optional<UserId> parse(String text) {
        try {
            return Optional.of(new UserId(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

package io.postern.account;

import java.util.Optional;

/// Who makes a change, for the audit log.
///
/// @param name user principal name, service principal name, or `Postern` for the service itself
public record Actor(String name, Optional<String> address) {
    public static Actor service() {
        return new Actor("Postern", Optional.empty());
    }
}

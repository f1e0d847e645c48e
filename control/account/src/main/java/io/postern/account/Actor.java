package io.postern.account;

import io.postern.store.AuditEntry;
import io.postern.store.User;
import java.time.Instant;
import java.util.Optional;

/// Who makes a change, for the audit log.
///
/// @param id of a user or service principal; empty for the service itself and for who is nobody yet
/// @param name user principal name, service principal name, or `Postern` for the service itself
/// @param displayName of a user; empty where it is not known
/// @param correlation id of the request, or of the sign-in that it belongs to; empty when nobody asked
public record Actor(String id, String name, String displayName, Optional<String> address, String correlation) {
    public static Actor service() {
        return new Actor("", "Postern", "", Optional.empty(), "");
    }

    /// A user who changes something of his own.
    public static Actor self(User user, String address, String correlation) {
        return new Actor(
                user.id().value(), user.userPrincipalName(), user.displayName(), Optional.of(address), correlation);
    }

    /// The entry of what he did to a user.
    AuditEntry did(String activity, User to, Instant now) {
        return AuditEntry.of(
                        to.tenant(),
                        now,
                        activity,
                        "UserManagement",
                        initiator(),
                        new AuditEntry.Target("User", to.id().value(), to.userPrincipalName()))
                .in(correlation);
    }

    private AuditEntry.Initiator initiator() {
        return new AuditEntry.Initiator(id, name, name.indexOf('@') > 0, displayName, address);
    }
}

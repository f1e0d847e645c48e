package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.directory.Attributes;
import java.time.Instant;
import java.util.Optional;

/// A person of a tenant.
///
/// @param userPrincipalName sign-in name, unique in the service whatever its case
/// @param passwordHash encoded Argon2id hash; empty when no password was set
/// @param attributes everything else that is known of the person (4.2)
/// @param sessionsValidFrom proofs made before are void (password changed, sessions revoked)
public record User(
        TenantId tenant,
        UserId id,
        String userPrincipalName,
        String displayName,
        Optional<String> givenName,
        Optional<String> surname,
        Optional<String> mail,
        boolean accountEnabled,
        Optional<String> passwordHash,
        boolean forceChangePassword,
        Instant sessionsValidFrom,
        Instant created,
        Attributes attributes) {
    /// A user of whom nothing else is known.
    public User(
            TenantId tenant,
            UserId id,
            String userPrincipalName,
            String displayName,
            Optional<String> givenName,
            Optional<String> surname,
            Optional<String> mail,
            boolean accountEnabled,
            Optional<String> passwordHash,
            boolean forceChangePassword,
            Instant sessionsValidFrom,
            Instant created) {
        this(
                tenant,
                id,
                userPrincipalName,
                displayName,
                givenName,
                surname,
                mail,
                accountEnabled,
                passwordHash,
                forceChangePassword,
                sessionsValidFrom,
                created,
                Attributes.NONE);
    }

    /// Whose proofs from before `changed` are void.
    public User withSessionsValidFrom(Instant changed) {
        return new User(
                tenant,
                id,
                userPrincipalName,
                displayName,
                givenName,
                surname,
                mail,
                accountEnabled,
                passwordHash,
                forceChangePassword,
                changed,
                created,
                attributes);
    }

    /// Who chooses a new password at the next sign-in by password.
    public User withPasswordToChange() {
        return new User(
                tenant,
                id,
                userPrincipalName,
                displayName,
                givenName,
                surname,
                mail,
                accountEnabled,
                passwordHash,
                true,
                sessionsValidFrom,
                created,
                attributes);
    }

    /// Of whom this is known besides names and mail.
    public User withAttributes(Attributes changed) {
        return new User(
                tenant,
                id,
                userPrincipalName,
                displayName,
                givenName,
                surname,
                mail,
                accountEnabled,
                passwordHash,
                forceChangePassword,
                sessionsValidFrom,
                created,
                changed);
    }
}

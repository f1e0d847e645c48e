package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// Something a user proves himself with.
///
/// @param id unique among the user's
/// @param name as the user calls it; the password has none
/// @param credential a passkey's public id, base64url, unique in the service
/// @param secret sealed key of a one-time password generator, public key of a passkey, hashes of codes; never shown
/// @param counter newest time step used, signature counter, or uses left, by kind
/// @param starts not valid before
/// @param expires not valid from then on
/// @param version changes with every use
public record AuthenticationMethod(
        TenantId tenant,
        UserId user,
        String id,
        Kind kind,
        String name,
        Optional<String> credential,
        String secret,
        long counter,
        Optional<Instant> starts,
        Optional<Instant> expires,
        Instant created,
        Optional<Instant> lastUsed,
        long version) {

    public enum Kind {
        /// No secret of its own: since when the user's password is what it is.
        PASSWORD,
        /// A generator of time-based one-time passwords (RFC 6238).
        TOTP,
        PASSKEY,
        RECOVERY_CODES,
        TEMPORARY_PASS;

        /// True for what a user has in hand at every sign-in, beside his password.
        public boolean isSecondFactor() {
            return this == TOTP || this == PASSKEY;
        }
    }

    /// The same after a use.
    public AuthenticationMethod used(Instant at, long counterNow, String secretNow) {
        return new AuthenticationMethod(
                tenant,
                user,
                id,
                kind,
                name,
                credential,
                secretNow,
                counterNow,
                starts,
                expires,
                created,
                Optional.of(at),
                version);
    }

    public AuthenticationMethod named(String newName) {
        return new AuthenticationMethod(
                tenant,
                user,
                id,
                kind,
                newName,
                credential,
                secret,
                counter,
                starts,
                expires,
                created,
                lastUsed,
                version);
    }

    public boolean holdsAt(Instant now) {
        return starts.filter(now::isBefore).isEmpty()
                && expires.filter(until -> !now.isBefore(until)).isEmpty();
    }
}

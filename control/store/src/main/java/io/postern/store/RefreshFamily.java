package io.postern.store;

import io.postern.domain.SessionId;
import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import java.time.Instant;
import java.util.Optional;

/// A refresh token and everything that came from it by rotation.
///
/// @param id also the `sid` of access tokens that come from it: who ends the family ends these at the gateways
/// @param session the browser session in which the user agreed; the family outlives it
/// @param codeHash of the authorization code that it came from
/// @param payload what the identity provider wants to know again, JSON
/// @param currentHash hash of the one secret that may be redeemed
/// @param previousHash of the secret that the last rotation took
/// @param generation how many rotations there were
/// @param ended when it was ended before its time, and [#endReason] says why
public record RefreshFamily(
        TenantId tenant,
        SessionId id,
        UserId user,
        String appId,
        SessionId session,
        Optional<String> codeHash,
        String payload,
        String currentHash,
        Optional<String> previousHash,
        long generation,
        Instant created,
        Instant rotated,
        Instant expires,
        Optional<Instant> ended,
        Optional<String> endReason) {}

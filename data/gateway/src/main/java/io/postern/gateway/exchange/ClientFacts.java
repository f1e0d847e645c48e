package io.postern.gateway.exchange;

import io.postern.domain.snapshot.Snapshot;
import io.postern.token.JwtVerifier;
import java.time.Instant;

/// What surrounds a request: who sent it, when, and the picture of the world that is pinned to the
/// exchange, so that one request never sees two configurations.
///
/// @param address of the user agent, without a port
/// @param exchangeId 32 hex digits, on error pages and in both logs
/// @param now when the head was read
/// @param verifier with the keys of `snapshot`; one per snapshot ([Verifiers#of])
/// @param publicPort port that user agents dial: 443 unless the service listens elsewhere
public record ClientFacts(
        String address, String exchangeId, Instant now, Snapshot snapshot, JwtVerifier verifier, int publicPort) {}

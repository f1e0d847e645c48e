package io.postern.gateway.exchange;

import io.postern.domain.snapshot.Snapshot;
import io.postern.token.JwtVerifier;

/// Builds the token verifier that belongs to a snapshot.
public final class Verifiers {
    private Verifiers() {}

    /// Costs some parsing: once per snapshot, not per request.
    public static JwtVerifier of(Snapshot snapshot) {
        return new JwtVerifier(snapshot.verificationKeys().stream()
                .map(k -> new JwtVerifier.TrustedKey(k.keyId(), k.issuer(), k.jwk()))
                .toList());
    }
}

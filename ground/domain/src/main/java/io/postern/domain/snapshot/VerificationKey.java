package io.postern.domain.snapshot;

import io.postern.domain.TenantId;

/// A public key with which the identity provider signs tokens of a tenant.
///
/// @param issuer exactly as in the `iss` claim
/// @param jwk the public JWK as JSON
public record VerificationKey(TenantId tenant, String keyId, String issuer, String jwk) {}

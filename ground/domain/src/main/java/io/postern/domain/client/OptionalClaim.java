package io.postern.domain.client;

/// A claim that stands in a token only where its registration asks for it (`optionalClaims`).
///
/// @param name for example `upn`, `email`, `ipaddr`
public record OptionalClaim(String name) {}

package io.postern.domain.claims;

import io.postern.domain.ClaimsMappingPolicyId;

/// The policy of several applications by which one of them goes.
///
/// @param name what administrators call it
public record SharedClaims(ClaimsMappingPolicyId id, String name, ClaimsMapping mapping) {}

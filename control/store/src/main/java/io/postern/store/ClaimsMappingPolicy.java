package io.postern.store;

import io.postern.domain.ClaimsMappingPolicyId;
import io.postern.domain.TenantId;

/// A claims policy that applications share (7.2).
///
/// @param definition JSON as it was sent; what it means says [io.postern.domain.signon.MappingDocument]
public record ClaimsMappingPolicy(TenantId tenant, ClaimsMappingPolicyId id, String displayName, String definition) {}

package io.postern.store;

import io.postern.domain.TenantId;
import java.time.Instant;

/// An organisation with its own users, keys and applications.
///
/// @param name short name in external host names and sign-in URLs, for example `contoso` (DOM-1)
/// @param domain suffix of its users' names, for example `contoso.example`
public record Tenant(TenantId id, String name, String displayName, String domain, Instant created) {}

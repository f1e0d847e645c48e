package io.postern.identity.signin;

import io.postern.domain.IdentityProviderId;

/// Where a user signed in who did not do so here.
///
/// @param sealed what is shown there when that session shall end
public record HomeRealm(IdentityProviderId provider, String sealed) {}

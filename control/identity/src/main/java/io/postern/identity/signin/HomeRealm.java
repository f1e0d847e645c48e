package io.postern.identity.signin;

import io.postern.domain.IdentityProviderId;

/// Where a user signed in who did not do so here.
///
/// @param sealed what is shown there when that session shall end
/// @param subject hash of whose session it is there
/// @param index hash of what it is called there; empty for nothing
public record HomeRealm(IdentityProviderId provider, String sealed, String subject, String index) {}

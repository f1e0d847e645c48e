package io.postern.identity.signin;

import java.time.Duration;
import java.util.Optional;

/// What a protocol asks of the sign-in.
///
/// @param silent show nothing to the user: succeed from the session or fail (`prompt=none`, `IsPassive`)
/// @param fresh the user proves again who he is, session or not (`prompt=login`, `ForceAuthn`)
/// @param choose the user says which account (`prompt=select_account`)
/// @param maxAge how old the sign-in may be (`max_age`)
/// @param mfa a second factor is needed (`acr_values`, `RequestedAuthnContext`)
public record Demand(boolean silent, boolean fresh, boolean choose, Optional<Duration> maxAge, boolean mfa) {
    public static final Demand NOTHING = new Demand(false, false, false, Optional.empty(), false);
}

package io.postern.identity.federation;

import io.postern.domain.federation.Stated;
import java.time.Instant;
import java.util.Optional;

/// What an upstream answered, checked.
///
/// @param multiFactor it says that it saw more than one factor
/// @param authenticated when the user proved who he is there; empty when it does not say
/// @param handle what it wants to see when the session there shall end
record Word(Stated stated, boolean multiFactor, Optional<Instant> authenticated, String handle) {}

package io.postern.identity.federation;

import io.postern.domain.federation.Stated;
import java.time.Instant;
import java.util.Optional;

/// What an upstream answered, checked.
///
/// @param multiFactor it says that it saw more than one factor
/// @param authenticated when the user proved who he is there; empty when it does not say
record Word(Stated stated, boolean multiFactor, Optional<Instant> authenticated, Session session) {
    /// The session there.
    ///
    /// @param handle what the upstream wants to see when it shall end
    /// @param subject whose it is, as the upstream will name him when it ends it
    /// @param index what the upstream calls it (`sid`, SessionIndex); empty when it does not say
    record Session(String handle, String subject, String index) {}
}

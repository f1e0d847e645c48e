package io.postern.identity.oidc;

import io.postern.identity.protocol.Fault;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What the token endpoint says.
sealed interface TokenAnswer {
    /// @param grant of the user in whose name the tokens speak; empty when they speak for the client itself
    /// @param audience of the access token
    record Issued(ObjectNode body, Optional<UserGrant> grant, String audience) implements TokenAnswer {}

    /// @param grant of whom it was about, as far as that was known
    record Refused(Fault fault, Optional<UserGrant> grant) implements TokenAnswer {
        Refused(Fault fault) {
            this(fault, Optional.empty());
        }
    }
}

package io.postern.saml;

import java.time.Instant;

/// Remembers which assertions were used; all nodes of a service must share what it knows.
@FunctionalInterface
public interface UsedAssertions {
    /// @param until when nobody would take the assertion any more
    /// @return false if the id was used before
    boolean use(String issuer, String id, Instant until);
}

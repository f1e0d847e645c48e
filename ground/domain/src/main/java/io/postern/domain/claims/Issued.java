package io.postern.domain.claims;

import java.util.List;

/// What the application is told.
///
/// @param groupsOverage the user is in more groups than a token may name: they are left out
public record Issued(NameId nameId, List<Claim> claims, boolean groupsOverage) {
    public Issued {
        claims = List.copyOf(claims);
    }
}

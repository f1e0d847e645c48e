package io.postern.store;

import io.postern.domain.TenantId;
import io.postern.domain.UserId;
import io.postern.domain.guest.GuestAddress;
import java.time.Instant;
import java.util.Optional;

/// How a guest came in (4.2). Whether he accepted says his user.
///
/// @param address where he was invited, and by which he may sign in once he accepted
/// @param invitedBy name of whoever invited him, as the guest reads it
/// @param redirect where he goes once he accepted
/// @param language of the invitation; empty: the tenant's
/// @param link by which he proves the address; empty once it was used
/// @param accessEnds empty: never
/// @param told his sponsors know that his access ends
public record Guest(
        TenantId tenant,
        UserId user,
        GuestAddress address,
        String invitedBy,
        String redirect,
        Optional<String> language,
        Instant created,
        Optional<Link> link,
        Optional<Instant> accessEnds,
        boolean told) {
    /// @param hash of what stands in the link
    public record Link(String hash, Instant expires) {}

    public Guest withLink(Optional<Link> changed) {
        return new Guest(tenant, user, address, invitedBy, redirect, language, created, changed, accessEnds, told);
    }

    /// Another end, of which nobody is told yet.
    public Guest ending(Optional<Instant> changed) {
        return new Guest(tenant, user, address, invitedBy, redirect, language, created, link, changed, false);
    }
}

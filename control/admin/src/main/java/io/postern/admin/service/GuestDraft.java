package io.postern.admin.service;

import io.postern.domain.UserId;
import io.postern.domain.guest.GuestAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whom somebody invites, and how.
///
/// @param displayName empty: made of the address
/// @param redirect where the guest goes once he accepted; empty: My Apps
/// @param send by mail; otherwise whoever invites gets the link, and passes it on
/// @param language of mail and page; empty: the tenant's
/// @param message in the words of whoever invites; may be empty
/// @param accessEnds empty: as the policy says
/// @param sponsors none: whoever invites
/// @param reset somebody who accepted before accepts anew
public record GuestDraft(
        GuestAddress address,
        Optional<String> displayName,
        Optional<String> redirect,
        boolean send,
        Optional<String> language,
        String message,
        Optional<Instant> accessEnds,
        List<UserId> sponsors,
        boolean reset) {
    public GuestDraft {
        sponsors = List.copyOf(sponsors);
    }
}

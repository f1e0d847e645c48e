package io.postern.admin.service;

import io.postern.admin.notice.Envelope;

/// What concerns guests, in one place.
public record GuestServices(Guests guests, GuestAccess access, GuestSponsors sponsors, GuestPolicies policies) {
    /// @param envelope closes mail with links until it is sent
    public static GuestServices of(Ledger ledger, Site site, Envelope envelope) {
        var notices = new Notices(site);
        return new GuestServices(
                new Guests(ledger, notices, envelope, site),
                new GuestAccess(ledger, notices),
                new GuestSponsors(ledger),
                new GuestPolicies(ledger));
    }
}

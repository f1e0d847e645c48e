package io.postern.admin.service;

/// What concerns access that users ask for, in one place.
public record AccessServices(AccessOffers offers, AccessRequests requests, AccessCatalogue catalogue) {
    public static AccessServices of(Ledger ledger, Site site) {
        return new AccessServices(
                new AccessOffers(ledger), new AccessRequests(ledger, new Notices(site)), new AccessCatalogue(ledger));
    }
}

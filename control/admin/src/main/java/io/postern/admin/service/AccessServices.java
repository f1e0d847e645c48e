package io.postern.admin.service;

/// What concerns access that users ask for, in one place.
public record AccessServices(AccessOffers offers, AccessRequests requests, AccessCatalogue catalogue) {
    public static AccessServices of(Ledger ledger) {
        return new AccessServices(new AccessOffers(ledger), new AccessRequests(ledger), new AccessCatalogue(ledger));
    }
}

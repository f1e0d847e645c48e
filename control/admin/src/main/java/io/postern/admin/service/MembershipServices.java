package io.postern.admin.service;

/// What concerns members of groups besides adding and removing them one by one, in one place.
public record MembershipServices(
        MembershipUpkeep upkeep, MembershipTrial trial, Nestings nestings, GroupOwners owners, GroupImport imports) {}

package io.postern.domain.claims;

/// How an assertion names its user.
public record NameId(NameIdFormat format, String value) {}

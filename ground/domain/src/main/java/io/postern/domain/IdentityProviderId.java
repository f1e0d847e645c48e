package io.postern.domain;

import java.util.UUID;

/// The id of an upstream identity provider of a tenant: a UUID in lower case.
public record IdentityProviderId(String value) {
    public IdentityProviderId {
        value = Ids.uuid("IdentityProviderId", value);
    }

    public static IdentityProviderId random() {
        return new IdentityProviderId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

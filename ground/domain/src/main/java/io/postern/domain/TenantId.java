package io.postern.domain;

import java.util.UUID;

/// The id of a tenant: a UUID in lower case.
public record TenantId(String value) {
    public TenantId {
        value = Ids.uuid("TenantId", value);
    }

    public static TenantId random() {
        return new TenantId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.postern.domain;

import java.util.UUID;

/// The id of a program that provisions users and groups here: a UUID in lower case.
public record ProvisioningClientId(String value) {
    public ProvisioningClientId {
        value = Ids.uuid("ProvisioningClientId", value);
    }

    public static ProvisioningClientId random() {
        return new ProvisioningClientId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

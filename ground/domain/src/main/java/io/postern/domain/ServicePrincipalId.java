package io.postern.domain;

import java.util.UUID;

/// The id of a service principal (enterprise application): a UUID in lower case.
public record ServicePrincipalId(String value) {
    public ServicePrincipalId {
        value = Ids.uuid("ServicePrincipalId", value);
    }

    public static ServicePrincipalId random() {
        return new ServicePrincipalId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

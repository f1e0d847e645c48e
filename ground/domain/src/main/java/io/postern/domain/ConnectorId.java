package io.postern.domain;

import java.util.UUID;

/// The id of a connector: a UUID in lower case.
public record ConnectorId(String value) {
    public ConnectorId {
        value = Ids.uuid("ConnectorId", value);
    }

    public static ConnectorId random() {
        return new ConnectorId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

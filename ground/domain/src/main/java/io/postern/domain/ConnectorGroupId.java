package io.postern.domain;

import java.util.UUID;

/// The id of a connector group: a UUID in lower case.
public record ConnectorGroupId(String value) {
    public ConnectorGroupId {
        value = Ids.uuid("ConnectorGroupId", value);
    }

    public static ConnectorGroupId random() {
        return new ConnectorGroupId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

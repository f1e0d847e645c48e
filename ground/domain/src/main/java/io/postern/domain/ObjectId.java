package io.postern.domain;

import java.util.UUID;

/// The id of an application object (Graph id of the registration): a UUID in lower case.
public record ObjectId(String value) {
    public ObjectId {
        value = Ids.uuid("ObjectId", value);
    }

    public static ObjectId random() {
        return new ObjectId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

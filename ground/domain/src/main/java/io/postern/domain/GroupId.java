package io.postern.domain;

import java.util.UUID;

/// The id of a group: a UUID in lower case.
public record GroupId(String value) {
    public GroupId {
        value = Ids.uuid("GroupId", value);
    }

    public static GroupId random() {
        return new GroupId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

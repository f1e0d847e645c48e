package io.postern.domain;

import java.util.UUID;

/// The id of a user (claim oid): a UUID in lower case.
public record UserId(String value) {
    public UserId {
        value = Ids.uuid("UserId", value);
    }

    public static UserId random() {
        return new UserId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}

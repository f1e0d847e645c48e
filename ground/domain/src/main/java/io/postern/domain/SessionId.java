package io.postern.domain;

import java.util.UUID;

/// The id of a browser session at the identity provider (claim sid): a UUID in lower case.
public record SessionId(String value) {
    public SessionId {
        value = Ids.uuid("SessionId", value);
    }

    public static SessionId random() {
        return new SessionId(UUID.randomUUID().toString());
    }

    @Override
    public String toString() {
        return value;
    }
}
